/** The reports of earlier benchmarks: one file each in the state folder, the newest ten kept. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type BenchmarkReport, isBenchmarkReport } from "../../core/benchmark/report.ts";

const KEPT = 10;

/** Newest first; files that cannot be read are left out. */
export async function readReports(folder: string, limit: number): Promise<readonly BenchmarkReport[]> {
	const reports: BenchmarkReport[] = [];
	for (const name of await reportNames(folder)) {
		if (reports.length >= limit) break;
		try {
			const value: unknown = JSON.parse(await readFile(join(folder, name), "utf8"));
			if (isBenchmarkReport(value)) reports.push(value);
		} catch {
			// A damaged file must not hide the others.
		}
	}
	return reports;
}

export async function writeReport(folder: string, report: BenchmarkReport): Promise<void> {
	await mkdir(folder, { recursive: true });
	const path = join(folder, `${report.at.replaceAll(":", "-")}.json`);
	await writeFile(`${path}.tmp`, `${JSON.stringify(report, null, "\t")}\n`);
	await rename(`${path}.tmp`, path);
	for (const name of (await reportNames(folder)).slice(KEPT)) await rm(join(folder, name), { force: true });
}

/** Names are times, so that their order is that of the runs. */
async function reportNames(folder: string): Promise<readonly string[]> {
	try {
		return (await readdir(folder))
			.filter((name) => name.endsWith(".json"))
			.sort()
			.reverse();
	} catch {
		return [];
	}
}
