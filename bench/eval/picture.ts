/** Time to green against success, a point for each system and model, as an SVG that needs no script. */
import type { Attempt } from "./attempt.ts";
import { groupsOf } from "./groups.ts";
import { medianOf, wilsonInterval } from "./statistics.ts";

const WIDTH = 760;
const HEIGHT = 420;
const LEFT = 70;
const RIGHT = 20;
const TOP = 30;
const BOTTOM = 60;
const COLOURS = ["#2563eb", "#d97706", "#059669", "#7c3aed", "#dc2626", "#0891b2", "#65a30d", "#9f1239"];
const MS_PER_SECOND = 1000;

/** The whole SVG document; error bars are the 95 % intervals of the success. */
export function pictureOf(attempts: readonly Attempt[]): string {
	const points = groupsOf(attempts).map(({ label, attempts: members }) => {
		const green = members.filter((attempt) => attempt.green);
		return {
			label: `${label} (${green.length} of ${members.length})`,
			seconds: (medianOf(green.map(({ durationMs }) => durationMs)) ?? 0) / MS_PER_SECOND,
			share: members.length === 0 ? 0 : green.length / members.length,
			...wilsonInterval(green.length, members.length),
		};
	});
	const longest = Math.max(10, ...points.map(({ seconds }) => seconds)) * 1.15;
	const x = (seconds: number) => LEFT + (seconds / longest) * (WIDTH - LEFT - RIGHT);
	const y = (share: number) => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
	const grid = [0, 0.25, 0.5, 0.75, 1].map(
		(share) =>
			`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(share)}" y2="${y(share)}" stroke="#8884" />` +
			`<text x="${LEFT - 8}" y="${y(share) + 4}" text-anchor="end">${share * 100} %</text>`,
	);
	const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => {
		const seconds = part * longest;
		return `<text x="${x(seconds)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${seconds.toFixed(0)} s</text>`;
	});
	const marks = points.map(({ label, seconds, share, low, high }, index) => {
		const colour = COLOURS[index % COLOURS.length];
		return (
			`<line x1="${x(seconds)}" x2="${x(seconds)}" y1="${y(low)}" y2="${y(high)}" stroke="${colour}" stroke-width="2" />` +
			`<circle cx="${x(seconds)}" cy="${y(share)}" r="6" fill="${colour}" />` +
			`<circle cx="${LEFT + 20}" cy="${TOP + 8 + index * 18}" r="5" fill="${colour}" />` +
			`<text x="${LEFT + 32}" y="${TOP + 12 + index * 18}">${escaped(label)}</text>`
		);
	});
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="12" fill="#555">`,
		"<title>Tasks that end green, against the median time to green</title>",
		...grid,
		...ticks,
		`<text x="${(WIDTH + LEFT) / 2}" y="${HEIGHT - 14}" text-anchor="middle">median time to green</text>`,
		...marks,
		"</svg>",
		"",
	].join("\n");
}

function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
