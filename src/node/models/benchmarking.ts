/** Models measured one after the other, and what is known of a model from the last time. */
import { availableParallelism, cpus, totalmem } from "node:os";
import { type BenchmarkTarget, measureModel } from "../../core/benchmark/measure-model.ts";
import type { BenchmarkReport, ModelBenchmark } from "../../core/benchmark/report.ts";
import { spread } from "../../core/benchmark/table.ts";
import type { InstalledModel, ModelInfo } from "../../core/machine.ts";
import { clock } from "../clock.ts";

const MS_PER_MINUTE = 60_000;

/** @throws AbortError */
export async function measureAll(
	targets: readonly BenchmarkTarget[],
	minutesPerModel: number,
	onStep: (step: string) => void,
	signal: AbortSignal,
): Promise<Omit<BenchmarkReport, "server" | "serverVersion">> {
	const models: ModelBenchmark[] = [];
	for (const target of shuffled(targets)) {
		models.push(await measureModel(target, minutesPerModel * MS_PER_MINUTE, clock, onStep, signal));
	}
	return { version: 1, at: new Date().toISOString(), machine: machineWords(), minutesPerModel, models };
}

/** A model's figures of the last benchmark, by its digest; null where it was not measured. */
export function measuredOf(last: BenchmarkReport | null, { name, digest }: ModelInfo): InstalledModel["measured"] {
	const found = last?.models.find((model) => model.model === name && model.digest === digest);
	if (found === undefined) return null;
	const green = found.projects.filter((project) => project.green).length;
	const rates = spread(found.decode.map(({ tokens, ms }) => (tokens / ms) * 1000));
	return { tokensPerSecond: rates?.median ?? null, green, of: found.projects.length };
}

/** One model's place in the order must not be its advantage. */
function shuffled<T>(values: readonly T[]): readonly T[] {
	return values
		.map((value) => ({ value, at: Math.random() }))
		.sort((a, b) => a.at - b.at)
		.map(({ value }) => value);
}

function machineWords(): string {
	const [cpu] = cpus();
	return `${availableParallelism()} cores (${cpu?.model.trim() ?? "unknown"}), ${Math.round(totalmem() / 1e9)} GB, ${process.platform}`;
}
