/** A project's source distribution: fetched once, held against its pinned hash each time, unpacked anew each time. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { CatalogEntry } from "./catalog.ts";

const start = promisify(execFile);

/**
 * The unpacked project, without what an earlier run left in it.
 * @param python any Python with pip
 * @param cache folder outside of every repository, since git's ignore rules would hide the project from ruff
 * @throws Error where it cannot be fetched, or is not what was pinned
 */
export async function unpackProject(python: string, cache: string, entry: CatalogEntry): Promise<string> {
	const folder = join(cache, `${entry.name}-${entry.version}`);
	const archives = join(folder, "archive");
	if (archiveIn(archives) === null) await download(python, archives, entry);
	const archive = archiveIn(archives);
	if (archive === null) throw new Error(`pip brought no source distribution of ${entry.name} ${entry.version}.`);
	assertPinned(archive, entry);
	const sources = join(folder, "source");
	rmSync(sources, { recursive: true, force: true });
	mkdirSync(sources, { recursive: true });
	await start(python, ["-m", "tarfile", "-e", archive, sources]);
	const [root, ...others] = readdirSync(sources);
	if (root === undefined || others.length > 0) throw new Error(`${archive} does not hold exactly one folder.`);
	return join(sources, root);
}

/** @throws Error that says both hashes and what to do */
export function assertPinned(archive: string, { name, version, sha256 }: CatalogEntry): void {
	const found = createHash("sha256").update(readFileSync(archive)).digest("hex");
	if (found === sha256) return;
	throw new Error(
		`${archive} is not ${name} ${version} as pinned: its sha256 is ${found} instead of ${sha256}. Delete it to fetch it again.`,
	);
}

/** pip compares the hash before it looks into the archive. @throws Error with pip's last words */
async function download(python: string, folder: string, { name, version, sha256 }: CatalogEntry): Promise<void> {
	mkdirSync(folder, { recursive: true });
	const list = join(folder, "requirements.txt");
	writeFileSync(list, `${name}==${version} --hash=sha256:${sha256}\n`);
	const pip = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"];
	await start(python, [...pip, "--no-binary", name, "--dest", folder, "--requirement", list]);
}

function archiveIn(folder: string): string | null {
	if (!existsSync(folder)) return null;
	const name = readdirSync(folder).find((file) => file.endsWith(".tar.gz"));
	return name === undefined ? null : join(folder, name);
}
