/** The editor's own git extension, as far as Jetbox asks it: a diff. Its API is version 1 (extensions/git/src/api/git.d.ts of VS Code). */
import { type extensions as editorExtensions, Uri } from "vscode";

export interface Repository {
	/** Of the working tree against the last commit; rejects where there is none. */
	diffWithHead(): Promise<string>;
}

/** The repository that holds the folder, or null: no git, or none there. */
export function repositoryOf(extensions: typeof editorExtensions, root: string): Repository | null {
	const exported: unknown = extensions.getExtension("vscode.git")?.exports;
	const api = method(exported, "getAPI")?.(1);
	const repository = method(api, "getRepository")?.(Uri.file(root));
	const diff = method(repository, "diffWithHEAD");
	if (diff === null) return null;
	return {
		async diffWithHead() {
			const changes: unknown = await diff();
			if (typeof changes === "string") return changes;
			const paths = Array.isArray(changes) ? changes.flatMap((change: unknown) => pathOf(change)) : [];
			const texts = await Promise.all(paths.map(async (path): Promise<unknown> => diff(path)));
			return texts.filter((text) => typeof text === "string").join("\n");
		},
	};
}

function pathOf(change: unknown): readonly string[] {
	return typeof change === "object" && change !== null && "uri" in change && change.uri instanceof Uri
		? [change.uri.fsPath]
		: [];
}

/** A method of something that is not ours, bound to it; null where it has none of that name. */
function method(object: unknown, name: string): ((...given: readonly unknown[]) => unknown) | null {
	if (typeof object !== "object" || object === null) return null;
	const value: unknown = Reflect.get(object, name);
	return typeof value === "function" ? (...given) => Reflect.apply(value, object, given) : null;
}
