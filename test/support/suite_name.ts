import { relative, sep } from "node:path";
import { ROOT } from "@keyspaces-segmentation/local-support";

/** `test/e2e/start` for `dist/test/e2e/start.test.js`; `kmeans/lloyd` for a part's suite, in whatever room of its tests it lies. */
export const suiteName = (path: string): string =>
  relative(ROOT, path)
    .replaceAll(sep, "/")
    .replace(/^dist\//, "")
    .replace(/^packages\/([^/]+)\/test\/(?:.*\/)?/, "$1/")
    .replace(/\.test\.js$/, "");
