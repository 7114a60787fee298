/** Imports a peer from here, because only this folder has them installed. */
export function loadPeer(name) {
  return import(name);
}
