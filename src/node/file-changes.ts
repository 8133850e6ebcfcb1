/** File changes when there is no editor to tell: a hint to look, never a truth. */
import { sep } from "node:path";
import { watch } from "chokidar";

const SETTLE_MS = 50;
const IGNORED = new Set([
	".git",
	".hg",
	".svn",
	".venv",
	"venv",
	"node_modules",
	"__pycache__",
	".pytest_cache",
	".ruff_cache",
	".mypy_cache",
]);

/** Watches beneath `root`; resolves once changes are seen. Calls come debounced by 50 ms, paths are absolute. */
export async function watchFiles(
	root: string,
	onChange: (paths: readonly string[]) => void,
	onError: (error: unknown) => void,
): Promise<{ close(): Promise<void> }> {
	const changed = new Set<string>();
	let timer: NodeJS.Timeout | undefined;
	const watcher = watch(root, {
		ignoreInitial: true,
		followSymlinks: false,
		ignored: (path) =>
			path
				.slice(root.length)
				.split(sep)
				.some((part) => IGNORED.has(part)),
	});
	watcher.on("error", onError);
	watcher.on("all", (_event, path) => {
		changed.add(path);
		clearTimeout(timer);
		timer = setTimeout(() => {
			const paths = [...changed];
			changed.clear();
			onChange(paths);
		}, SETTLE_MS);
	});
	await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
	return {
		async close() {
			clearTimeout(timer);
			await watcher.close();
		},
	};
}
