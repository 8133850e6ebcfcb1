/** Asks about a change with its diff in front of the person. The answer holds for this change only and is stored nowhere. */
import {
	commands,
	type Disposable,
	EventEmitter,
	type TextDocumentContentProvider,
	Uri,
	window,
	workspace,
} from "vscode";
import type { ApprovalRequest, Approver } from "../core/ports.ts";
import { orAborted } from "./or-aborted.ts";

const SCHEME = "jetbox-proposal";

export class EditorApprover implements Approver, TextDocumentContentProvider, Disposable {
	private readonly texts = new Map<string, string>();
	private readonly changed = new EventEmitter<Uri>();
	readonly onDidChange = this.changed.event;
	private readonly registration = workspace.registerTextDocumentContentProvider(SCHEME, this);
	private asked = 0;

	async approve({ change, before, why }: ApprovalRequest, signal: AbortSignal): Promise<"approved" | "refused"> {
		signal.throwIfAborted();
		this.asked += 1;
		const now = this.keep("now", change.path, before);
		const proposed = this.keep("proposed", change.path, change.kind === "delete" ? "" : change.text);
		try {
			await commands.executeCommand("vscode.diff", now, proposed, `${change.path} (proposed)`, { preview: true });
			return await ask(change, why, signal);
		} finally {
			this.texts.delete(now.toString());
			this.texts.delete(proposed.toString());
		}
	}

	provideTextDocumentContent(uri: Uri): string {
		return this.texts.get(uri.toString()) ?? "";
	}

	dispose(): void {
		this.registration.dispose();
		this.changed.dispose();
	}

	private keep(side: string, path: string, text: string): Uri {
		const uri = Uri.from({ scheme: SCHEME, path: `/${path}`, query: `${side}-${this.asked}` });
		this.texts.set(uri.toString(), text);
		return uri;
	}
}

async function ask(
	{ kind, path }: ApprovalRequest["change"],
	why: string,
	signal: AbortSignal,
): Promise<"approved" | "refused"> {
	const allow = kind === "delete" ? "Delete" : kind === "create" ? "Create" : "Apply";
	const answer = await orAborted(
		window.showWarningMessage(
			`Jetbox: ${kind} ${path}?`,
			{ modal: true, detail: `Asked because ${why}.` },
			allow,
			"Refuse",
		),
		signal,
	);
	return answer === allow ? "approved" : "refused";
}
