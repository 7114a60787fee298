export { replaceFile, resolveTarget } from "./atomic-file.js";
