/** The mouse of a flow. */
import { dialogButton, option, runCommand } from "./workbench.mjs";

/** @param view the sidebar's document */
export function mouse(page, view) {
	const pressInSidebar = (name) => view.getByRole("button", { name, exact: true }).first().click();
	return {
		name: "mouse",
		run: (title) => runCommand(page, title),
		press: (name) => page.getByRole("button", { name, exact: true }).first().click(),
		openStep: (title) => page.getByRole("heading", { name: title, exact: true }).click(),
		pressInSidebar,
		startTask: () => pressInSidebar("Run"),
		choose: (words) => option(page, words).click(),
		answer: (name) => dialogButton(page, name).click(),
		async trust() {
			await page.locator(".part.banner").getByRole("button", { name: "Manage", exact: true }).click();
			await page.getByRole("button", { name: "Trust", exact: true }).click();
			await page.getByRole("tab", { name: "Jetbox" }).waitFor();
			await page
				.getByRole("button", { name: /^Close/ })
				.last()
				.click();
		},
	};
}
