import { deltaStream } from "../sse/frames.ts";
import { isWorkloadName, workload } from "../sse/workloads.ts";
import { chunkedAnswer, jsonAnswer } from "./wire.ts";

const made = new Map<string, Buffer>();

/** The answer to a path: `/unary/…`, `/held/…` or `/<workload>/…`. The rest of the path is the client's choice. */
export function answerTo(path: string): Buffer {
  const name = path.split("/", 2)[1] ?? "";
  const known = made.get(name);
  if (known !== undefined) return known;
  const answer = makeAnswer(name);
  made.set(name, answer);
  return answer;
}

function makeAnswer(name: string): Buffer {
  if (name === "unary") {
    return jsonAnswer({
      id: "resp_1",
      object: "response",
      status: "completed",
      model: "gpt-5.4",
      output: [],
    });
  }
  if (name === "held") return heldAnswer();
  if (!isWorkloadName(name)) throw new TypeError(`there is no answer to ${name}`);
  return chunkedAnswer("text/event-stream", workload(name).chunks);
}

/** A turn that stops for good after its first delta. */
function heldAnswer(): Buffer {
  const { frames } = deltaStream(1);
  const firstDelta = frames.findIndex((frame) => frame.startsWith("event: response.output_text.delta"));
  const sent = frames.slice(0, firstDelta + 1).join("");
  return chunkedAnswer("text/event-stream", [Buffer.from(sent)], false);
}
