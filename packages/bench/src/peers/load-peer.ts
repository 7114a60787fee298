interface PeerLoader {
  loadPeer(name: string): Promise<unknown>;
}

const loader = new URL("../../peers/load.js", import.meta.url);

/** Imports a package from the peers' own folder, which is not part of the workspace. */
export async function loadPeer<Module>(name: string): Promise<Module> {
  const { loadPeer: load } = (await import(loader.href)) as PeerLoader;
  return (await load(name)) as Module;
}
