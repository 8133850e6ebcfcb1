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
		await commands.executeCommand("vscode.diff", now, proposed, `${change.path} (proposed)`, { preview: true });
		const allow = change.kind === "delete" ? "Delete" : change.kind === "create" ? "Create" : "Apply";
		const question = window.showWarningMessage(
			`Jetbox: ${change.kind} ${change.path}?`,
			{ modal: true, detail: `Asked because ${why}.` },
			allow,
			"Refuse",
		);
		const answer = await Promise.race([question, aborted(signal)]);
		this.texts.delete(now.toString());
		this.texts.delete(proposed.toString());
		return answer === allow ? "approved" : "refused";
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

function aborted(signal: AbortSignal): Promise<never> {
	return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
}
