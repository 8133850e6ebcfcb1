/** Between steps that each hold the editor's extension host for a moment (a process started, a module read): others get their turn. */
export function yieldToHost(): Promise<void> {
	return new Promise((resolve) => {
		setImmediate(resolve);
	});
}
