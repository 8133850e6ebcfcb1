/** Keeps processes of pytest ready, gives up those that the workspace has left behind, and hands them out. */
import { randomUUID } from "node:crypto";
import { orAborted } from "../../../../core/or-aborted.ts";
import { SANDBOX_HOME } from "../../../../core/policy/sandbox.ts";
import type { FileChange } from "../../../../core/probes/affected.ts";
import type { WorkersSetting } from "../../../../core/probes/engine-messages.ts";
import type { WorkerForm } from "../../../../core/probes/test-run.ts";
import type { Confine } from "../../processes/confine.ts";
import { RUN_TAG } from "../../processes/process-runner.ts";
import type { PythonInfo } from "../../tools/interpreter.ts";
import { pytestArgumentsFor } from "../pytest-config.ts";
import { createFormChoice } from "./form-choice.ts";
import { makePrivateFolder, removeFolder, removeFolderNow, sweepPrivateFolders } from "./private-folders.ts";
import { decidesHowTestsRun, isOutdated, topNames } from "./taken.ts";
import { startWorker, type WorkerProcess } from "./worker-process.ts";
import type { Loaded } from "./worker-run.ts";
import { type Advice, type Parked, parseAdvice, parseParked, textOf, textsOf, type WorkerPlan } from "./worker-wire.ts";

/** Calls come in bursts; a process that stays ready after a run stands for any number. */
const KEPT_SINGLE = 2;
/** What no run follows at once is made ready for after this long. */
const SETTLE_MS = 40;
const MAX_PRELOADED = 5_000;
/** Fewer modules that a ready process lacks are not worth another one. */
const MIN_LACKING = 20;
/** Far beyond the imports of a heavy project: what takes longer hangs. */
export const PARKING_LIMIT_MS = 60_000;
const NOT_YET = "no process stands ready yet";

/** What the processes are for; with another one all of them are given up. */
export interface Target {
	readonly python: PythonInfo;
	/** pytest's configuration file in the workspace. */
	readonly config: string | null;
	readonly confine: (privateDir: string) => Confine;
}

/** A process that can take a run. */
export interface Station {
	readonly worker: WorkerProcess;
	readonly form: WorkerForm;
	/** Why none faster; for people. */
	readonly why: string;
	readonly copies: boolean;
	readonly privateDir: string;
}

export interface WorkerPool {
	/** Says what runs are for from now on. */
	aim(target: Target): void;
	/** A ready process, or why a new interpreter is needed. Waits for one that is being made ready. */
	take(signal: AbortSignal): Promise<Station | { readonly why: string }>;
	/** A process for one run, started now; where it cannot have what it needs, why. */
	spawn(): Station | { readonly problem: string };
	/** Makes ready what is missing. */
	arm(): void;
	/** The same in a moment. */
	armSoon(): void;
	/** Settles when what is being made ready is, or cannot be. */
	armed(): Promise<void>;
	changed(changes: readonly FileChange[]): void;
	learn(loaded: Loaded): void;
	/** What the next processes load ahead. */
	learned(): readonly string[];
	/** Where no run is under way: gives up what stands ready without the modules that runs need, and makes better ready. */
	renew(): void;
	advise(advice: Advice): void;
	/** Gives up what stands ready, and settles when its processes are gone. */
	clear(): Promise<void>;
	/** A ready process failed where a new interpreter did its work. */
	blame(why: string): void;
	/** The next run gets a new interpreter, for comparison. */
	doubt(why: string): void;
	/** What the next run would get. */
	outlook(): { readonly form: WorkerForm; readonly why: string };
	dispose(): void;
}

interface Started {
	readonly worker: WorkerProcess;
	readonly plan: WorkerPlan;
}

interface Kept extends Started {
	readonly ready: Promise<void>;
	/** Null until it stands ready. */
	parked: Parked | null;
	/** Workspace files that it has opened so far. */
	readonly loaded: Set<string>;
	/** What came while it was made ready: of the text before or after it, nobody can tell. */
	readonly changedMeanwhile: FileChange[];
}

export function createWorkerPool(parts: {
	readonly root: string;
	readonly workerPath: string;
	readonly setting: WorkersSetting;
	readonly memoryBytes: number | null;
	readonly probeEnv: Readonly<Record<string, string>>;
	/** What runs of an earlier session loaded. */
	readonly modules: readonly string[];
	/** What takes longer to stand ready is given up, until something changes. */
	readonly parkingLimitMs: number;
}): WorkerPool {
	const { root, workerPath, setting, memoryBytes, probeEnv, parkingLimitMs } = parts;
	const kept = new Set<Kept>();
	const spawned = new Set<WorkerProcess>();
	const folders = new Set<string>();
	let target: Target | null = null;
	let targetKey = "";
	const forms = createFormChoice(setting);
	let doubted: string | null = null;
	let learned: readonly string[] = parts.modules.slice(0, MAX_PRELOADED);
	const spoken = new Set<string>();
	let settling: NodeJS.Timeout | null = null;
	let disposed = false;
	sweepPrivateFolders();

	const start = (form: WorkerPlan["form"]): Started | { readonly problem: string } => {
		if (target === null) throw new Error("The pool was asked before it had an aim.");
		const folder = makePrivateFolder();
		if ("problem" in folder) return folder;
		const privateDir = folder.path;
		const tag = randomUUID();
		const { python, config, confine } = target;
		const env = { ...probeEnv, TMPDIR: privateDir, [RUN_TAG]: tag };
		const launch = confine(privateDir)({ command: python.path, args: [workerPath], env });
		const confined = launch.command !== python.path;
		const plan: WorkerPlan = {
			form,
			root,
			args: pytestArgumentsFor(root, config, privateDir),
			private: privateDir,
			tag,
			copies: setting === "auto" || setting === "preloaded",
			confined,
			scratch: confined ? ["/tmp", SANDBOX_HOME, "/dev/shm"] : [],
			preload: learned.filter((name) => !spoken.has(name)),
			memoryBytes,
		};
		const worker = startWorker(launch, root, tag);
		folders.add(privateDir);
		void worker.ended.then(async () => {
			await removeFolder(privateDir);
			folders.delete(privateDir);
		});
		worker.send(plan);
		return { worker, plan };
	};
	const giveUp = (one: Kept) => {
		kept.delete(one);
		void one.worker.end("at-once");
	};
	const armSoon = () => {
		if (settling !== null) clearTimeout(settling);
		settling = setTimeout(arm, SETTLE_MS);
		settling.unref();
	};
	const replace = (one: Kept) => {
		giveUp(one);
		armSoon();
	};
	const park = (form: "parked" | "preloaded") => {
		const started = start(form);
		if ("problem" in started) {
			forms.fail(form, started.problem);
			return;
		}
		const { worker, plan } = started;
		let onReady: () => void = () => undefined;
		const ready = new Promise<void>((resolve) => {
			onReady = resolve;
		});
		const one: Kept = { worker, plan, ready, parked: null, loaded: new Set(), changedMeanwhile: [] };
		kept.add(one);
		worker.listen((record) => {
			// One that was given up speaks of a content that is no more.
			if (!kept.has(one)) return;
			switch (record["kind"]) {
				case "loads": {
					const file = textOf(record["file"]);
					one.loaded.add(file);
					if (one.changedMeanwhile.some(({ path }) => path === file)) replace(one);
					break;
				}
				case "parked":
					one.parked = parseParked(record);
					if (isOutdatedBy(one, one.changedMeanwhile)) replace(one);
					onReady();
					break;
				case "unparkable":
					forms.advise(parseAdvice(record));
					break;
				case "spoken":
					for (const name of textsOf(record["modules"])) spoken.add(name);
					break;
				case "stale":
					giveUp(one);
					break;
			}
		});
		const limit = setTimeout(() => {
			if (one.parked !== null || !kept.has(one)) return;
			forms.fail(form, `it took longer than ${parkingLimitMs / 1000} s`);
			giveUp(one);
		}, parkingLimitMs).unref();
		void worker.ended.then(() => {
			clearTimeout(limit);
			const early = one.parked === null && kept.has(one);
			kept.delete(one);
			const refused = spoken.size > 0 && plan.preload.some((name) => spoken.has(name));
			if (early && refused) arm();
			else if (early && !forms.isAdvisedAgainst()) forms.fail(form, lastLine(worker.lastWords()));
			onReady();
		});
	};
	const missing = (form: "parked" | "preloaded"): boolean => {
		const own = [...kept].filter(({ plan }) => plan.form === form);
		return (
			own.length === 0 ||
			(form === "parked" && own.length < KEPT_SINGLE && own.every((one) => one.parked?.copies === false))
		);
	};
	const arm = () => {
		if (settling !== null) clearTimeout(settling);
		settling = null;
		// Before the first run nothing is known of the project, and its code must not run ahead of it.
		if (disposed || target === null || target.python.pytest === null) return;
		const may = forms.allowed();
		if (may.parked && missing("parked")) park("parked");
		if (may.preloaded && missing("preloaded")) park("preloaded");
	};
	const station = ({ worker, plan }: Kept, { form, why, copies }: Parked): Station => ({
		worker,
		form,
		why,
		copies,
		privateDir: plan.private,
	});
	const takeReady = (form: "parked" | "preloaded"): Station | null => {
		for (const one of kept) {
			if (one.plan.form !== form || one.parked === null) continue;
			if (!one.parked.copies) kept.delete(one);
			if (!one.parked.copies) spawned.add(one.worker);
			return station(one, one.parked);
		}
		return null;
	};
	return {
		aim(next) {
			const { python, config, confine } = next;
			const sample = confine("private")({ command: python.path, args: [workerPath], env: probeEnv });
			const key = JSON.stringify([python.fingerprint, sample, config]);
			target = next;
			if (key === targetKey) return;
			targetKey = key;
			for (const one of kept) giveUp(one);
			forms.aimedAnew();
		},
		async take(signal) {
			if (doubted !== null) {
				const why = doubted;
				doubted = null;
				return { why };
			}
			const may = forms.allowed();
			const whyNotReady = may.why === "" ? NOT_YET : may.why;
			if (may.parked) {
				const ready = takeReady("parked");
				if (ready !== null) return ready;
			}
			const instead = may.preloaded ? takeReady("preloaded") : null;
			if (instead !== null) return { ...instead, why: whyNotReady };
			const coming = [...kept].filter(
				({ parked, plan }) => parked === null && (plan.form === "preloaded" || may.parked),
			);
			if (coming.length === 0) return { why: may.preloaded ? NOT_YET : whyNotReady };
			await orAborted(Promise.race(coming.map(({ ready }) => ready)), signal);
			const found = (may.parked ? takeReady("parked") : null) ?? takeReady("preloaded");
			return found ?? { why: forms.allowed().why || NOT_YET };
		},
		spawn() {
			const started = start("spawned");
			if ("problem" in started) return started;
			const { worker, plan } = started;
			spawned.add(worker);
			void worker.ended.then(() => spawned.delete(worker));
			return { worker, form: "spawned", why: "", copies: false, privateDir: plan.private };
		},
		arm,
		armSoon,
		async armed() {
			await Promise.all([...kept].map(({ ready }) => ready));
		},
		changed(changes) {
			forms.changed(changes.some(({ path }) => decidesHowTestsRun(path)));
			// What was loaded from the environment so far may come from the workspace now.
			const tops = new Set(changes.filter(isCreated).flatMap(({ path }) => [...topNames(path)]));
			if (tops.size > 0) learned = learned.filter((name) => !tops.has(name.split(".", 1)[0] ?? name));
			for (const one of kept) {
				if (isOutdatedBy(one, changes)) giveUp(one);
				else if (one.parked === null) one.changedMeanwhile.push(...changes);
			}
			armSoon();
		},
		learn({ modules, looksAtModules }) {
			learned = looksAtModules ? [] : [...new Set([...learned, ...modules])].slice(0, MAX_PRELOADED);
		},
		learned: () => learned,
		renew() {
			const lacking = [...kept].filter(({ plan }) => {
				const loads = new Set(plan.preload);
				return learned.filter((name) => !loads.has(name) && !spoken.has(name)).length >= MIN_LACKING;
			});
			for (const one of lacking) giveUp(one);
			if (lacking.length > 0) arm();
		},
		async clear() {
			const all = [...kept];
			for (const one of all) giveUp(one);
			await Promise.all(all.map(({ worker }) => worker.ended));
		},
		advise: forms.advise,
		blame(why) {
			forms.blame(why);
			for (const one of kept) if (one.plan.form === "parked") giveUp(one);
		},
		doubt(why) {
			doubted = why;
		},
		outlook() {
			const may = forms.allowed();
			const form = may.parked ? "parked" : may.preloaded ? "preloaded" : "spawned";
			const ready = [...kept].find(({ parked, plan }) => parked !== null && plan.form === form);
			if (ready?.parked != null) return { form: ready.parked.form, why: ready.parked.why || may.why };
			return { form: "spawned", why: may.why || NOT_YET };
		},
		dispose() {
			disposed = true;
			if (settling !== null) clearTimeout(settling);
			for (const one of kept) giveUp(one);
			for (const worker of spawned) void worker.end("at-once");
			for (const folder of folders) removeFolderNow(folder);
		},
	};
}

function isCreated({ kind }: FileChange): boolean {
	return kind === "created";
}

/** As far as it is known by now: one that is made ready is looked at again then. */
function isOutdatedBy({ plan, loaded, parked }: Kept, changes: readonly FileChange[]): boolean {
	if (plan.form !== "preloaded" && changes.some(({ path }) => decidesHowTestsRun(path))) return true;
	const taken = { loaded, names: parked?.names ?? new Set<string>(), listed: parked?.listed ?? new Set<string>() };
	return changes.some((change) => isOutdated(taken, change));
}

function lastLine(words: string): string {
	return words.trim().split("\n").at(-1)?.trim() || "it ended without a word";
}
