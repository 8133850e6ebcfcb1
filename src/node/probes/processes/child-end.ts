/** How a child process ended, and what comes before its end. */
import type { ChildProcess } from "node:child_process";

/** After exit, how long output that is still on its way (or held open by a daemon) is waited for. */
const OUTPUT_GRACE_MS = 500;

/** Every way a process can end. */
export type ProcessEnd =
	| { readonly kind: "exited"; readonly code: number }
	| { readonly kind: "signalled"; readonly signal: string }
	| { readonly kind: "timed-out" }
	| { readonly kind: "aborted" }
	| { readonly kind: "not-started"; readonly code: string; readonly message: string };

/** The child's own end, with its output read: on close, or a grace after exit where a daemon holds the pipes. */
export function endOfChild(child: ChildProcess, graceMs: number = OUTPUT_GRACE_MS): Promise<ProcessEnd> {
	return new Promise((resolve) => {
		let timer: NodeJS.Timeout | null = null;
		let end: ProcessEnd | null = null;
		const settle = () => {
			if (timer !== null) clearTimeout(timer);
			resolve(end ?? { kind: "exited", code: -1 });
		};
		child.once("error", (error: NodeJS.ErrnoException) => {
			end ??= { kind: "not-started", code: error.code ?? "unknown", message: error.message };
			settle();
		});
		child.once("exit", (code, killedBy) => {
			end ??= killedBy === null ? { kind: "exited", code: code ?? -1 } : { kind: "signalled", signal: killedBy };
			timer = setTimeout(settle, graceMs);
		});
		child.once("close", settle);
	});
}

/** Whichever comes first: what is waited for, the time limit or the abort. */
export function endedFirst<T>(
	awaited: Promise<T>,
	timeoutMs: number,
	signal: AbortSignal,
): Promise<T | "timed-out" | "aborted"> {
	return new Promise((resolve) => {
		const settle = (value: T | "timed-out" | "aborted") => {
			clearTimeout(timer);
			signal.removeEventListener("abort", onAbort);
			resolve(value);
		};
		const onAbort = () => settle("aborted");
		const timer = setTimeout(() => settle("timed-out"), timeoutMs);
		if (signal.aborted) settle("aborted");
		signal.addEventListener("abort", onAbort, { once: true });
		void awaited.then(settle);
	});
}
