import type { SseInput } from "./tally.ts";

/** Keeps one client for each source of bytes, as a process that uses it would. */
export function keepClients<Client>(
  create: (input: SseInput) => Promise<Client>,
): (input: SseInput) => Promise<Client> {
  const clients = new Map<string, Promise<Client>>();
  return (input) => {
    const source = input.baseUrl ?? input.workload;
    const known = clients.get(source);
    if (known !== undefined) return known;
    const client = create(input);
    clients.set(source, client);
    return client;
  };
}
