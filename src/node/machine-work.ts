/** The large parts of the machine's ring, in one module that is read when the first of them is used. */
export { watchFiles } from "./file-changes.ts";
export { createModels } from "./models/models.ts";
export { isAtWork, keepRun, openRun, resumableRun, undoAlone } from "./workspace/open-run.ts";
export { readTextIn } from "./workspace/text-file.ts";
