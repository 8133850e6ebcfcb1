/** Connecting is quick unless a model must be tested first: then it is shown, and can be cancelled. */
import { ProgressLocation, window } from "vscode";
import { told } from "./told.ts";

/** @param connect told where its words go; the first opens the notification, the end closes it */
export async function withConnectProgress<T>(
	connect: (onProgress: (message: string) => void) => Promise<T>,
	onCancel: () => void,
): Promise<T> {
	let report: ((message: string) => void) | null = null;
	let end: () => void = () => undefined;
	const ended = new Promise<void>((resolve) => {
		end = resolve;
	});
	const show = (message: string): void => {
		if (report !== null) {
			report(message);
			return;
		}
		let latest = message;
		report = (next) => {
			latest = next;
		};
		void window.withProgress(
			{ location: ProgressLocation.Notification, title: "Jetbox", cancellable: true },
			async (progress, token) => {
				token.onCancellationRequested(onCancel);
				report = (next) => progress.report({ message: told(next) });
				report(latest);
				await ended;
			},
		);
	};
	try {
		return await connect(show);
	} finally {
		end();
	}
}
