import type { Workload } from "./workloads.ts";

/** A `fetch` that answers with the chunks of a workload, for the sides that take one. */
export function memoryFetch({ chunks }: Workload): typeof fetch {
  return async () => {
    let next = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const chunk = chunks[next++];
          if (chunk === undefined) controller.close();
          else controller.enqueue(chunk);
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
}
