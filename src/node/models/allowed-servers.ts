/** The addresses that the person allowed for prompts, besides this machine; kept outside every workspace. */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** The file's addresses; none where there is no readable file. */
export async function readAllowed(path: string): Promise<readonly string[]> {
	try {
		const value: unknown = JSON.parse(await readFile(path, "utf8"));
		return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
	} catch {
		return [];
	}
}

export async function addAllowed(path: string, url: string): Promise<void> {
	const known = await readAllowed(path);
	if (known.includes(url)) return;
	await mkdir(dirname(path), { recursive: true });
	const temporary = `${path}.${process.pid}.tmp`;
	await writeFile(temporary, JSON.stringify([...known, url]), { mode: 0o600 });
	await rename(temporary, path);
}
