/** The benchmark's tab: what was measured last, and a measurement under way, which can be cancelled there. */
import {
	type Disposable,
	env,
	l10n,
	ProgressLocation,
	Uri,
	ViewColumn,
	type WebviewPanel,
	window,
	workspace,
} from "vscode";
import type { BenchmarkReport } from "../core/benchmark/report.ts";
import { tableOf } from "../core/benchmark/table.ts";
import { isAbort, UserError } from "../core/errors.ts";
import type { Machine } from "../core/machine.ts";
import { type BenchmarkView, parseBenchmarkMessage } from "../protocol.ts";
import { benchmarkWords } from "./benchmark-words.ts";
import { obtainServerConsent } from "./server-consent.ts";
import { told } from "./told.ts";
import { taskRunning } from "./user-errors.ts";
import { PAGE_FOLDER, webviewPage } from "./webview-page.ts";

const MINUTES_PER_MODEL = 3;

export class BenchmarkPage implements Disposable {
	private panel: WebviewPanel | null = null;
	private measurement: AbortController | null = null;
	private step: string | null = null;
	private reports: readonly BenchmarkReport[] = [];

	/**
	 * @param isRunning whether a task is, whose model a measurement would unload
	 * @param folder of the workspace, whose interpreter judges the small projects; null without one
	 * @param onError shows it, once
	 */
	constructor(
		private readonly extensionUri: Uri,
		private readonly machine: Machine,
		private readonly isRunning: () => boolean,
		private readonly folder: () => string | null,
		private readonly onError: (error: unknown) => void,
	) {}

	get measuring(): boolean {
		return this.measurement !== null;
	}

	/** Opens the tab, or brings it to the front, with the last results. */
	async show(): Promise<void> {
		this.reports = await this.machine.benchmarks(2);
		this.open();
		this.post();
	}

	/**
	 * Asks which models, and measures them in sight.
	 * @throws UserError where models are measured already, a task runs, or the server cannot be used
	 */
	async measure(signal: AbortSignal): Promise<void> {
		if (this.isRunning()) throw taskRunning();
		if (this.measurement !== null)
			throw new UserError(
				"usage",
				l10n.t("Models are being measured already."),
				l10n.t("Wait for the end, or cancel it."),
			);
		const measurement = new AbortController();
		this.measurement = measurement;
		const either = AbortSignal.any([signal, measurement.signal]);
		try {
			await obtainServerConsent(this.machine, either);
			const only = await this.chooseModels(either);
			if (only === null) return;
			await this.show();
			await this.measureShown(only, either, measurement);
		} catch (error) {
			if (!isAbort(error)) throw error;
		} finally {
			this.measurement = null;
			this.step = null;
			this.post();
		}
	}

	dispose(): void {
		this.measurement?.abort(new DOMException("The extension ends.", "AbortError"));
		this.panel?.dispose();
	}

	private async measureShown(
		only: readonly string[],
		signal: AbortSignal,
		measurement: AbortController,
	): Promise<void> {
		const options = { location: ProgressLocation.Notification, title: l10n.t("Measuring models"), cancellable: true };
		await window.withProgress(options, async (progress, token) => {
			token.onCancellationRequested(() => measurement.abort(new DOMException("Cancelled.", "AbortError")));
			const onStep = (message: string) => {
				this.step = told(message);
				progress.report({ message: this.step });
				this.post();
			};
			onStep(l10n.t("starting"));
			await this.machine.benchmark({ only, minutesPerModel: MINUTES_PER_MODEL, root: this.folder() }, onStep, signal);
			this.reports = await this.machine.benchmarks(2);
		});
	}

	/** Null where nothing was chosen. */
	private async chooseModels(signal: AbortSignal): Promise<readonly string[] | null> {
		const server = await this.machine.describeServer(signal);
		if (server.kind !== "ok") throw new UserError("unreachable", server.message, server.fix);
		const items = server.models.map(({ name, sizeBytes, fits }) => ({
			label: name,
			description: sizeBytes > 0 ? `${(sizeBytes / 1e9).toFixed(1)} GB` : "",
			picked: fits !== "no" && !/embed|-base\b/.test(name),
		}));
		const chosen = await window.showQuickPick(items, {
			title: l10n.t("Jetbox: Benchmark Models"),
			placeHolder: l10n.t(
				"Up to {0} minutes each, one after the other; all models are unloaded meanwhile",
				MINUTES_PER_MODEL,
			),
			canPickMany: true,
		});
		return chosen === undefined || chosen.length === 0 ? null : chosen.map(({ label }) => label);
	}

	private open(): void {
		if (this.panel !== null) {
			this.panel.reveal();
			return;
		}
		const options = { enableScripts: true, localResourceRoots: [Uri.joinPath(this.extensionUri, PAGE_FOLDER)] };
		const panel = window.createWebviewPanel("jetbox.benchmark", l10n.t("Models, Measured"), ViewColumn.Active, options);
		panel.webview.onDidReceiveMessage((value: unknown) => this.onMessage(value));
		panel.onDidDispose(() => {
			this.panel = null;
		});
		panel.webview.html = webviewPage(panel.webview, this.extensionUri, "benchmark", benchmarkWords().title);
		this.panel = panel;
	}

	private onMessage(value: unknown): void {
		switch (parseBenchmarkMessage(value)?.type) {
			case "ready":
				this.post();
				break;
			case "measure":
				this.measure(new AbortController().signal).catch(this.onError);
				break;
			case "cancel":
				this.measurement?.abort(new DOMException("Cancelled.", "AbortError"));
				break;
			case "show-json":
				void this.showJson();
				break;
			default:
		}
	}

	private post(): void {
		void this.panel?.webview.postMessage({ type: "benchmark", view: this.view() });
	}

	private view(): BenchmarkView {
		const [latest, before] = this.reports;
		const words = benchmarkWords();
		const shared = { step: this.step, words, language: env.language };
		if (latest === undefined) return { rows: null, about: "", ...shared };
		const about = l10n.t(
			"{0}, on {1}, served by {2}; at most {3} minutes a model.",
			new Date(latest.at).toLocaleString(),
			latest.machine,
			latest.server,
			latest.minutesPerModel,
		);
		return { rows: tableOf(latest, before ?? null), about, ...shared };
	}

	/** The raw samples, in an editor of their own. */
	private async showJson(): Promise<void> {
		const [latest] = this.reports;
		if (latest === undefined) return;
		const content = `${JSON.stringify(latest, null, "\t")}\n`;
		await window.showTextDocument(await workspace.openTextDocument({ language: "json", content }));
	}
}
