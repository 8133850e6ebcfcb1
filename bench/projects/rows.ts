/** A project's rows of the table: its verdicts, which must be right, and its times, which are published. */
import { FORMS } from "../forms.ts";
import { type Result, short, words } from "../measure.ts";
import type { CatalogEntry } from "./catalog.ts";
import type { Trial } from "./trial.ts";

export function rowsOf({ name, version, shape }: CatalogEntry, trial: Trial): readonly Result[] {
	const { outcomes, mutations, failing, unsteady, endless, form, plain, verdict } = trial;
	const [unequal, missed, invented] = [trial.unequal.length, trial.missed.length, trial.invented.length];
	const ratio = plain.median / verdict.median;
	const apart = unsteady + endless === 0 ? "" : `, ${unsteady} unsteady tests and ${endless} endless mutations apart`;
	return [
		{
			id: name,
			what: `${name} ${version} (${shape}): ${outcomes} outcomes; ${mutations} mutations, ${failing} failing, ${missed} missed, ${invented} invented${apart}`,
			measured: `${FORMS.length - unequal} of ${FORMS.length} equal, ${missed + invented} wrong`,
			goal: "all equal, 0 wrong",
			met: unequal + missed + invented === 0,
			figures: { outcomes, mutations, failing, unequal, missed, invented, unsteady, endless },
		},
		{
			id: `${name}-edit`,
			what: `${name}, an edit that passes ${words(verdict)} against ruff, then pytest ${words(plain)}; ${form}`,
			measured: `${short(ratio)}x`,
			goal: "published",
			met: true,
			figures: { ms: verdict, againstMs: plain, ratio },
		},
	];
}
