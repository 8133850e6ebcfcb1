/** The sample project, in a temporary folder of its own: a newcomer's first task changes nothing that matters. */
import { cp, mkdtemp, realpath, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SAMPLE_MARK } from "../core/sample-mark.ts";

/** @param source the demo project as it is shipped @returns absolute path of the copy */
export async function copySample(source: string): Promise<string> {
	const parent = await realpath(await mkdtemp(join(tmpdir(), "jetbox-sample-")));
	const folder = join(parent, "shelf");
	await cp(source, folder, { recursive: true, filter: (path) => !path.includes("__pycache__") });
	await writeFile(join(folder, SAMPLE_MARK), "This folder is a sample: delete it when you like.\n");
	return folder;
}
