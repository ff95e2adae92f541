/** Texts that would run, load, link, restyle or break the layout, were they ever more than text in a page. */
export const HOSTILE_MARKUP: readonly string[] = [
  ...tagged("<script>FIRE</script>", "<script src=x>FIRE</script>"),
  ...tagged(
    "<img src=x onerror=FIRE>",
    "<svg onload=FIRE>",
    "<svg/onload=FIRE>",
  ),
  ...tagged("<body onload=FIRE>", "<input autofocus onfocus=FIRE>"),
  ...tagged("<details open ontoggle=FIRE>x</details>"),
  ...tagged("<video><source onerror=FIRE></video>", "<marquee onstart=FIRE>"),
  "<style>*{display:none}</style>",
  "</p></article></div><h1>Relay closed</h1>",
  '<a href="javascript:fired()">click</a>',
  "javascript:fired()",
  "data:text/html,<script>fired()</script>",
  '<iframe src="https://evil.example/"></iframe>',
  '<link rel=stylesheet href="https://evil.example/x.css">',
  '<meta http-equiv=refresh content="0;url=https://evil.example/">',
  '<base href="https://evil.example/">',
  "<form action=https://evil.example/><button>Log in</button></form>",
  '"><script>fired()</script>',
  "'-fired()-'",
  "{{constructor.constructor('fired()')()}}",
  "${fired()}",
  "&lt;script&gt;fired()&lt;/script&gt;",
  "<!--",
  "]]>",
  "</script>",
  "</textarea>",
  "W".repeat(5_000),
  "漢".repeat(3_000),
  "a\u0301\u0300\u0302".repeat(2_000),
  `Z${"\u0335\u0321\u0328\u0322\u0337\u0338\u0334\u0348\u0349".repeat(40)}algo`,
  "\n".repeat(3_000),
  "\t".repeat(3_000),
  "﷽".repeat(400),
  "𒐫".repeat(400),
  `\u202e${"evil".repeat(50)}\u202c`,
  `${"\u2067".repeat(200)}deep`,
  "☃\ufe0f\u200d".repeat(500),
  "http://".repeat(700),
  "position:fixed;inset:0;z-index:9",
  "class=frame id=page style=position:fixed",
];

/** Each with the call in place, plain, upper-case and cut short. */
function tagged(...forms: readonly string[]): string[] {
  return forms.flatMap((form) => {
    const text = form.replace("FIRE", "fired()");
    return [text, text.toUpperCase(), text.slice(0, -1), `${text}${text}`];
  });
}
