// Puts an editor in the place of a text box for rich text. Without this script the box takes text with simple marks.

const KEYS = { ArrowRight: 1, ArrowLeft: -1 };

// What a person can do: the button's words, what it does, when it counts as pressed, and inside what it is shown.
const ACTIONS = [
  ["Heading", (chain) => chain.toggleHeading({ level: 2 }), ["heading", { level: 2 }]],
  ["Smaller heading", (chain) => chain.toggleHeading({ level: 3 }), ["heading", { level: 3 }]],
  ["Bold", (chain) => chain.toggleBold(), ["bold"]],
  ["Italic", (chain) => chain.toggleItalic(), ["italic"]],
  ["List", (chain) => chain.toggleBulletList(), ["bulletList"]],
  ["Numbered list", (chain) => chain.toggleOrderedList(), ["orderedList"]],
  ["Quotation", (chain) => chain.toggleBlockquote(), ["blockquote"]],
  ["Link", null, ["link"]],
  ["Table", (chain) => chain.insertTable({ rows: 3, cols: 2, withHeaderRow: true }), ["table"]],
  ["Add a row", (chain) => chain.addRowAfter(), null, "table"],
  ["Add a column", (chain) => chain.addColumnAfter(), null, "table"],
  ["Remove the row", (chain) => chain.deleteRow(), null, "table"],
  ["Remove the column", (chain) => chain.deleteColumn(), null, "table"],
  ["First column names the rows", (chain) => chain.toggleHeaderColumn(), null, "table"],
  ["Remove the table", (chain) => chain.deleteTable(), null, "table"],
  ["Undo", (chain) => chain.undo(), null],
  ["Redo", (chain) => chain.redo(), null],
];

function make(tag, attributes = {}, words = "") {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.textContent = words;
  return element;
}

// Word writes lists as paragraphs with a bullet in them. The server cleans everything again, whatever comes from here.
function withoutWord(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const element of parsed.querySelectorAll("style, script, title, meta, link, xml, del, img, [style*='display:none'], [style*='mso-hide:all']")) {
    element.remove();
  }
  let list = null;
  for (const paragraph of parsed.querySelectorAll("p[style*='mso-list']")) {
    const mark = paragraph.querySelector("[style*='mso-list:Ignore']");
    if (!/mso-list:\s*l\d+ level\d/.test(paragraph.getAttribute("style")) || !mark) {
      continue;
    }
    const tag = /^\(?(\d+|[a-z]{1,4})[.)]/i.test(mark.textContent.trim()) ? "ol" : "ul";
    mark.remove();
    const item = parsed.createElement("li");
    item.append(...paragraph.childNodes);
    if (list?.localName !== tag || paragraph.previousElementSibling !== list) {
      list = parsed.createElement(tag);
      paragraph.before(list);
    }
    list.append(item);
    paragraph.remove();
  }
  return parsed.body.innerHTML;
}

async function edit(box) {
  const area = box.querySelector("textarea");
  const format = box.querySelector("input[name$='__format']");
  const kit = await import(box.dataset.editor);
  if (area.value !== area.defaultValue) {
    // Somebody has begun to type already, or the browser brought their words back: the box stays as it is.
    box.dataset.ready = "kept";
    return;
  }
  const label = document.querySelector(`label[for="${area.id}"]`);
  if (label && !label.id) {
    label.id = `${area.id}_label`;
  }
  const bar = make("div", { class: "eds-rich__bar", role: "toolbar", "aria-label": "Text tools", "aria-controls": `${area.id}_editor` });
  const place = make("div", { class: "eds-rich__place" });
  const attributes = { class: "eds-rich__text nhsuk-textarea", id: `${area.id}_editor`, role: "textbox", "aria-multiline": "true" };
  if (label) {
    attributes["aria-labelledby"] = label.id;
  }
  label?.removeAttribute("for");
  if (area.getAttribute("aria-describedby")) {
    attributes["aria-describedby"] = area.getAttribute("aria-describedby");
  }
  if (area.getAttribute("aria-invalid")) {
    attributes["aria-invalid"] = "true";
  }
  if (area.classList.contains("nhsuk-textarea--error")) {
    attributes.class += " nhsuk-textarea--error";
  }
  const html = box.querySelector("template").innerHTML;
  const editor = new kit.Editor({
    element: place,
    content: html,
    injectCSS: false,
    editorProps: { attributes, transformPastedHTML: withoutWord },
    extensions: [
      kit.Document, kit.Paragraph, kit.Text, kit.HardBreak, kit.Bold, kit.Italic, kit.BulletList, kit.OrderedList,
      kit.ListItem, kit.Blockquote, kit.Heading.configure({ levels: [2, 3, 4] }), kit.History, kit.Gapcursor,
      kit.Link.configure({ openOnClick: false, autolink: false, enableTarget: false, HTMLAttributes: {} }),
      kit.Table.configure({ resizable: false }), kit.TableRow, kit.TableHeader, kit.TableCell,
    ],
  });
  const was = editor.getHTML();

  // What was typed without changing anything here stays as the page brought it.
  function gather() {
    if (editor.getHTML() !== was || format.value === "html") {
      area.value = editor.isEmpty ? "" : editor.getHTML();
      format.value = "html";
    }
  }

  const link = linkForm(area.id, editor);
  const buttons = ACTIONS.map(([words, act, on, only]) => {
    const button = make("button", { type: "button", class: "eds-rich__button", tabindex: "-1" }, words);
    button.addEventListener("click", () => {
      if (!act) {
        link.open();
        return;
      }
      // At once: the chain's own focus() comes a frame later, and whoever types on would lose a letter to the button.
      editor.view.focus();
      act(editor.chain()).run();
    });
    bar.append(button);
    return { button, on, only };
  });

  function refresh() {
    for (const { button, on, only } of buttons) {
      if (on) {
        button.setAttribute("aria-pressed", String(editor.isActive(...on)));
      }
      button.hidden = Boolean(only) && !editor.isActive(only);
    }
    const shown = buttons.filter(({ button }) => !button.hidden);
    if (!shown.some(({ button }) => button.tabIndex === 0)) {
      buttons.forEach(({ button }) => (button.tabIndex = -1));
      shown[0].button.tabIndex = 0;
    }
  }

  bar.addEventListener("keydown", (event) => {
    const shown = buttons.filter(({ button }) => !button.hidden).map(({ button }) => button);
    const at = shown.indexOf(document.activeElement);
    const to = event.key === "Home" ? 0 : event.key === "End" ? shown.length - 1 : at + (KEYS[event.key] ?? 0);
    if (at < 0 || to === at) {
      return;
    }
    event.preventDefault();
    const next = shown[(to + shown.length) % shown.length];
    buttons.forEach(({ button }) => (button.tabIndex = -1));
    next.tabIndex = 0;
    next.focus();
  });

  editor.on("transaction", refresh);
  editor.on("update", () => {
    gather();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  area.form.addEventListener("submit", gather);
  area.form.addEventListener("eds:gather", gather);
  area.before(bar, link.element, place);
  const held = document.activeElement === area;
  area.hidden = true;
  if (held) {
    // At once, as for the buttons: whoever had come to the box goes on typing in the editor.
    editor.view.focus();
  }
  // A link of the error summary, and a press on the label, lead to the box: its place is taken by the editor.
  area.addEventListener("focus", () => editor.commands.focus());
  label?.addEventListener("click", () => editor.commands.focus());
  for (const anchor of document.querySelectorAll(`a[href="#${area.id}"]`)) {
    anchor.addEventListener("click", (event) => {
      event.preventDefault();
      editor.commands.focus();
      place.scrollIntoView({ block: "center" });
    });
  }
  refresh();
  box.dataset.ready = "editor";
}

function linkForm(id, editor) {
  const element = make("div", { class: "eds-rich__link", hidden: "" });
  const label = make("label", { class: "nhsuk-label", for: `${id}_address` }, "Address of the link, like https://www.example.org");
  const input = make("input", { class: "nhsuk-input", type: "url", id: `${id}_address`, autocomplete: "off" });
  const set = make("button", { type: "button", class: "nhsuk-button nhsuk-button--secondary" }, "Set the link");
  const remove = make("button", { type: "button", class: "nhsuk-button nhsuk-button--secondary" }, "Remove the link");
  element.append(label, input, set, remove);

  function close() {
    element.hidden = true;
    editor.commands.focus();
  }

  function apply() {
    const href = input.value.trim();
    if (href && editor.state.selection.empty && !editor.isActive("link")) {
      editor.chain().focus().insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] }).run();
    } else if (href) {
      editor.chain().focus().extendMarkRange("link").setMark("link", { href }).run();
    }
    close();
  }

  set.addEventListener("click", apply);
  remove.addEventListener("click", () => {
    editor.chain().focus().extendMarkRange("link").unsetMark("link").run();
    close();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      apply();
    } else if (event.key === "Escape") {
      close();
    }
  });
  // The field has no name, so the form does not send it; its typing is none of the form's.
  input.addEventListener("input", (event) => event.stopPropagation());
  return {
    element,
    open() {
      input.value = editor.getAttributes("link").href ?? "";
      element.hidden = false;
      input.focus();
    },
  };
}

for (const box of document.querySelectorAll(".eds-rich")) {
  edit(box);
}
