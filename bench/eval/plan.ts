/**
 * The order of the attempts: task by task, all systems and settings of one task next to each other and in turn, so that an evaluation
 * that is cut anywhere leaves pairs, and a machine that grows slower is as slow for everyone.
 */
import type { EvalOptions } from "./options.ts";
import { KINDS, type Task } from "./tasks.ts";

export interface Planned {
	readonly system: string;
	readonly setting: string;
	readonly model: string;
	readonly task: Task;
	readonly repeat: number;
}

type Asked = Pick<EvalOptions, "models" | "systems" | "settings" | "tasks" | "limit" | "repeats" | "seed">;

/** The same options and seed give the same order. */
export function planOf({ models, systems, settings, tasks, limit, repeats, seed }: Asked): readonly Planned[] {
	const candidates = systems.flatMap((system) =>
		(system === "jetbox" ? settings : ["default"]).map((setting) => ({ system, setting })),
	);
	const order = orderOf(tasks, seed).slice(0, limit ?? undefined);
	return Array.from({ length: repeats }, (_, index) => index + 1).flatMap((repeat) =>
		models.flatMap((model) =>
			order.flatMap((task, place) =>
				// Whoever is first finds the machine colder, so that the first place goes round.
				rotated(candidates, place).map((candidate) => ({ ...candidate, model, task, repeat })),
			),
		),
	);
}

/** Shuffled within each kind, then one of each kind in turn: every beginning of the order holds the kinds in equal parts. */
export function orderOf(tasks: readonly Task[], seed: number): readonly Task[] {
	const random = generator(seed);
	const piles = KINDS.map((kind) =>
		shuffled(
			tasks.filter((task) => task.kind === kind),
			random,
		),
	);
	const deepest = Math.max(...piles.map(({ length }) => length));
	return Array.from({ length: deepest }, (_, level) => piles.flatMap((pile) => pile[level] ?? [])).flat();
}

function rotated<T>(values: readonly T[], by: number): readonly T[] {
	const at = values.length === 0 ? 0 : by % values.length;
	return [...values.slice(at), ...values.slice(0, at)];
}

/** Fisher and Yates. */
function shuffled<T>(values: readonly T[], random: () => number): readonly T[] {
	const left = [...values];
	const taken: T[] = [];
	while (left.length > 0) taken.push(...left.splice(Math.floor(random() * left.length), 1));
	return taken;
}

/** A linear congruential generator (Numerical Recipes' constants): from 0 to below 1, the same everywhere. */
function generator(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}
