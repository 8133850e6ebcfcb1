/** Select Model: what is installed, with what one chooses by; the practice model always among it. */
import { ConfigurationTarget, l10n, type QuickPickItem, window, workspace } from "vscode";
import type { InstalledModel, Machine } from "../core/machine.ts";
import { SECTION, SETTINGS } from "./ids.ts";
import { told } from "./told.ts";

/** Sets `jetbox.model` in the person's own settings. */
export async function selectModel(machine: Machine, signal: AbortSignal): Promise<void> {
	const chosen = await window.showQuickPick(itemsOf(machine, signal), {
		title: l10n.t("Jetbox: Select Model"),
		matchOnDescription: true,
	});
	if (chosen === undefined || chosen.choice === null) return;
	await workspace.getConfiguration(SECTION).update(SETTINGS.model, chosen.choice, ConfigurationTarget.Global);
}

/** For a machine without a server. */
export async function usePracticeModel(): Promise<void> {
	await workspace.getConfiguration(SECTION).update(SETTINGS.model, "practice", ConfigurationTarget.Global);
}

type ModelItem = QuickPickItem & { readonly choice: string | null };

async function itemsOf(machine: Machine, signal: AbortSignal): Promise<readonly ModelItem[]> {
	const server = await machine.describeServer(signal);
	const practice: ModelItem = {
		label: "$(beaker) practice",
		description: l10n.t("no neural network"),
		detail: l10n.t("Template repair, built in: to try Jetbox without a server."),
		choice: "practice",
	};
	if (server.kind !== "ok")
		return [
			{
				label: `$(warning) ${l10n.t("No model server")}`,
				detail: `${told(server.message)} ${told(server.fix)}`,
				choice: null,
			},
			practice,
		];
	const auto: ModelItem = {
		label: "$(wand) auto",
		description: l10n.t("the loaded model, else the best that is installed"),
		choice: "auto",
	};
	return [auto, ...server.models.map(itemOf), practice];
}

/** The first line says what a model is, the second how it does here. */
function itemOf(model: InstalledModel): ModelItem {
	const { name, sizeBytes, parameterSize, quantization, contextLength, loaded, protocol, protocolBy, fits, measured } =
		model;
	const what = [
		sizeBytes > 0 ? `${(sizeBytes / 1e9).toFixed(1)} GB` : "",
		parameterSize,
		quantization,
		contextLength === null ? "" : l10n.t("{0} tokens", contextLength),
		loaded ? l10n.t("loaded") : "",
	];
	const how = [
		protocolBy === "size" ? l10n.t("{0} calls, not tested yet", protocol) : l10n.t("{0} calls", protocol),
		measured?.tokensPerSecond == null ? "" : l10n.t("{0} tokens a second", measured.tokensPerSecond.toFixed(1)),
		measured === null ? "" : l10n.t("{0} of {1} small projects to green", measured.green, measured.of),
		fits === null ? "" : fitWords(fits),
	];
	const joined = (parts: readonly string[]) => parts.filter((part) => part !== "").join(" · ");
	return { label: name, description: joined(what), detail: joined(how), choice: name };
}

function fitWords(fits: NonNullable<InstalledModel["fits"]>): string {
	switch (fits) {
		case "yes":
			return l10n.t("fits into memory");
		case "tight":
			return l10n.t("fits into memory, tightly");
		case "no":
			return `$(warning) ${l10n.t("does not fit into memory")}`;
	}
}
