/** The practice model's own process: started for a run, ended with it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { UserError } from "../core/errors.ts";

const STOP_GRACE_MS = 1_000;

/**
 * Starts the bundle and waits for its address.
 * @param path of practice-model.js
 * @throws UserError `server-error` when it ends before it listens
 */
export async function startPracticeModel(
	path: string,
	signal: AbortSignal,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
	signal.throwIfAborted();
	const child = spawn(process.execPath, [path], {
		stdio: ["pipe", "pipe", "pipe"],
		// Inside the editor process.execPath is Electron; this makes it a plain Node.
		env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
	});
	const exited = once(child, "exit");
	let errorText = "";
	child.stderr.on("data", (chunk: Buffer) => {
		errorText = (errorText + chunk.toString()).slice(-2_000);
	});
	const stop = async () => {
		child.stdin.end();
		const timer = setTimeout(() => child.kill("SIGKILL"), STOP_GRACE_MS);
		await exited.catch(() => undefined);
		clearTimeout(timer);
	};
	const onAbort = () => void stop();
	signal.addEventListener("abort", onAbort, { once: true });
	try {
		for await (const line of createInterface({ input: child.stdout })) {
			const url = urlOf(line);
			if (url !== null) return { url, stop };
		}
		signal.throwIfAborted();
		throw new UserError(
			"server-error",
			`The practice model ended before it could answer: ${errorText.trim() || "no reason given"}.`,
			"Reinstall Jetbox, or choose an Ollama model.",
		);
	} catch (error) {
		await stop();
		throw error;
	} finally {
		signal.removeEventListener("abort", onAbort);
	}
}

function urlOf(line: string): string | null {
	try {
		const value: unknown = JSON.parse(line);
		return typeof value === "object" && value !== null && "url" in value && typeof value.url === "string"
			? value.url
			: null;
	} catch {
		return null;
	}
}
