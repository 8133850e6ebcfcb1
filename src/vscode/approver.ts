/** Asks about a change with its diff in front of the person. The answer holds for this change only and is stored nowhere. */
import {
	commands,
	type Disposable,
	EventEmitter,
	l10n,
	type TextDocumentContentProvider,
	Uri,
	window,
	workspace,
} from "vscode";
import { linesOutOfSight } from "../core/blanks.ts";
import { orAborted } from "../core/or-aborted.ts";
import type { ApprovalRequest, Approver } from "../core/ports.ts";
import { visible } from "../core/visible-text.ts";

const SCHEME = "jetbox-proposal";
const MAX_LINES = 3;
const MAX_LINE_CHARS = 300;

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
			await commands.executeCommand("vscode.diff", now, proposed, l10n.t("{0} (proposed)", visible(change.path)), {
				preview: true,
			});
			return await ask(change, before, why, signal);
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
	change: ApprovalRequest["change"],
	before: string,
	why: string,
	signal: AbortSignal,
): Promise<"approved" | "refused"> {
	const { kind } = change;
	const path = visible(change.path);
	const after = kind === "delete" ? "" : change.text;
	const words = {
		create: [l10n.t("Jetbox: create {0}?", path), l10n.t("Create")],
		replace: [l10n.t("Jetbox: change {0}?", path), l10n.t("Apply")],
		delete: [l10n.t("Jetbox: delete {0}?", path), l10n.t("Delete")],
	} as const;
	const [question, allow] = words[kind];
	const answer = await orAborted(
		window.showWarningMessage(
			question,
			{
				modal: true,
				detail: [
					l10n.t("Asked because {0}.", visible(why)),
					l10n.t(
						"{0} characters before, {1} after; the difference stands in the editor behind this question.",
						before.length,
						after.length,
					),
					...outOfSight(before, after),
				].join("\n"),
			},
			allow,
			l10n.t("Refuse"),
		),
		signal,
	);
	return answer === allow ? "approved" : "refused";
}

/** The first of the lines whose text the editor shows far to the right, if there are any. */
function outOfSight(before: string, after: string): readonly string[] {
	const lines = linesOutOfSight(before, after);
	const shown = lines.slice(0, MAX_LINES).map((line) => visible(line).slice(0, MAX_LINE_CHARS));
	return lines.length === 0
		? []
		: [l10n.t("Text out of sight, behind many blanks, in new lines ({0}):", lines.length), ...shown];
}
