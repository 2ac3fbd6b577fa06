/* The packages that install.sh has put into the build. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../build/npm/node_modules/", import.meta.url));

export const load = createRequire(folder);
export const fileOf = (name) => folder + name;
