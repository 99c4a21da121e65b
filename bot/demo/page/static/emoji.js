// Slack's names of the emoji that podbot's messages use.
export const EMOJI = {
  ballot_box_with_check: "☑️", black_square_for_stop: "⏹️", bulb: "💡", eyes: "👀", grey_question: "❔", heavy_minus_sign: "➖",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", information_source: "ℹ️", label: "🏷️", large_blue_circle: "🔵",
  large_green_circle: "🟢", large_yellow_circle: "🟡", link: "🔗", lock: "🔒", mag: "🔍", no_entry: "⛔", page_facing_up: "📄",
  pushpin: "📌", question: "❓", red_circle: "🔴", rotating_light: "🚨", satellite: "🛰️", scissors: "✂️", warning: "⚠️", white_check_mark: "✅",
  white_circle: "⚪", wrench: "🔧", x: "❌",
};
