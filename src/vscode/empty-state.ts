/** What stands between this window and a run, in the order in which one mends it. */
import { l10n, RelativePattern, Uri, workspace } from "vscode";
import { UserError } from "../core/errors.ts";
import type { Machine, ServerState } from "../core/machine.ts";
import { chooseModel, PRACTICE_MODEL } from "../core/model/model-choice.ts";
import type { EmptyState } from "../protocol.ts";
import type { RunController } from "./run-controller.ts";
import { readSettings } from "./settings.ts";
import { told } from "./told.ts";

/** Folders whose Python is not the project's own. */
const NOT_OWN = "{**/node_modules/**,**/.venv/**,**/venv/**,**/.git/**}";

/** Why the sidebar shows something other than a run. */
export async function emptyStateOf(
	machine: Machine,
	controller: RunController,
	signal: AbortSignal,
): Promise<{ readonly empty: EmptyState; readonly model: string | null }> {
	const { model: choice } = readSettings(null);
	let model: string | null = choice === PRACTICE_MODEL ? l10n.t("practice model") : null;
	if (!workspace.isTrusted) return { empty: { kind: "untrusted" }, model };
	try {
		void controller.root;
	} catch (error) {
		const isVirtual = (workspace.workspaceFolders ?? []).length > 0;
		if (error instanceof UserError) return { empty: { kind: isVirtual ? "virtual" : "no-folder" }, model };
		throw error;
	}
	if (choice !== PRACTICE_MODEL) {
		const server = await machine.describeServer(signal);
		if (server.kind !== "ok") return { empty: { kind: "no-server", server: server.server, fix: server.fix }, model };
		const found = modelOf(choice, server);
		if (found instanceof UserError)
			return { empty: { kind: "no-model", fix: `${told(found.message)} ${told(found.fix)}` }, model };
		model = found;
	}
	const tools = await controller.describeTools(signal);
	const pytest = tools.find(({ tool }) => tool === "pytest");
	// Before the consent to run without a sandbox, a program of the workspace is not even asked for its version.
	const mayAsk = tools.some(({ tool, state }) => tool === "sandbox" && state === "ok");
	if (mayAsk && pytest !== undefined && pytest.state !== "ok")
		return { empty: { kind: "no-pytest", fix: pytest.fix }, model };
	return { empty: { kind: (await hasPython(controller.root)) ? "ready" : "no-python-files" }, model };
}

async function hasPython(root: string): Promise<boolean> {
	const pattern = new RelativePattern(Uri.file(root), "**/*.py");
	return (await workspace.findFiles(pattern, NOT_OWN, 1)).length > 0;
}

function modelOf(choice: string, server: Extract<ServerState, { kind: "ok" }>): string | UserError {
	try {
		return chooseModel(choice, server.models);
	} catch (error) {
		if (error instanceof UserError) return error;
		throw error;
	}
}
