/** Resolves with the run's id when its process is gone. */
export function cutOffRun(parts: {
	/** Absolute paths; the extension's folder holds dist/. */
	readonly extensionPath: string;
	readonly workspace: string;
	readonly python: string;
	readonly stateHome: string;
}): Promise<string>;
