"""What pikepdf sees in a PDF on standard input, as JSON: its properties, its structure, its fonts."""

import io
import json
import sys

import pikepdf

pdf = pikepdf.open(io.BytesIO(sys.stdin.buffer.read()))
root = pdf.Root
roles = []
problems = []


def kids(node):
    held = node.get("/K", [])
    return list(held) if isinstance(held, pikepdf.Array) else [held]


def attribute(node, name):
    held = node.get("/A", [])
    for one in held if isinstance(held, pikepdf.Array) else [held]:
        if name in one:
            return str(one[name])
    return None


marked = 0


def walk(node, within):
    global marked
    role = str(node.get("/S", "/"))[1:]
    roles.append(role)
    children = kids(node)
    held = [child for child in children if isinstance(child, pikepdf.Dictionary)]
    marked += sum(1 for child in children if isinstance(child, int) or child.get("/Type") == "/MCR")
    elements = [child for child in held if "/S" in child]
    names = [str(child["/S"])[1:] for child in elements]
    if role == "TH" and attribute(node, "/Scope") != "/Column":
        problems.append("a head of a column without its scope")
    if role == "Link":
        objects = [child.Obj for child in held if child.get("/Type") == "/OBJR"]
        if not objects or not all(str(one.get("/Contents", "")) for one in objects):
            problems.append("a link without annotation or words")
    if role == "L" and (set(names) != {"LI"} or attribute(node, "/ListNumbering") is None):
        problems.append("a list of something else than items")
    if role == "LI" and names[0] != "Lbl":
        problems.append("an item without label")
    if role == "Table":
        widths = {len(kids(row)) for row in elements}
        if len(widths) != 1 or set(names) != {"TR"}:
            problems.append("a table that is not regular")
    if role == "TR" and not set(names) <= {"TH", "TD"}:
        problems.append("a row of something else than cells")
    for child in elements:
        if child.P.objgen != node.objgen:
            problems.append("a part that names another parent")
        walk(child, role)


walk(root.StructTreeRoot.K if isinstance(root.StructTreeRoot.K, pikepdf.Dictionary) else root.StructTreeRoot.K[0], "")

sizes = set()
tagged = 0
bare = 0
for page in pdf.pages:
    depth = 0
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("BDC", "BMC"):
            depth += 1
            # Within a part there may be one more that only says how its letters are spelt.
            tagged += len(operands) > 1 and isinstance(operands[1], pikepdf.Dictionary) and "/MCID" in operands[1]
        elif name == "EMC":
            depth -= 1
        elif name == "Tf":
            sizes.add(round(float(operands[1]), 2))
        elif name in ("Tj", "TJ", "S", "f", "B") and depth < 1:
            bare += 1
    if page.get("/Tabs") != "/S":
        problems.append("a page without the order of its structure")

with pdf.open_metadata() as xmp:
    # By the name of its space: older versions of pikepdf do not know the short one.
    part = xmp.get("{http://www.aiim.org/pdfua/ns/id/}part")

print(json.dumps({
    "language": str(root.get("/Lang")),
    "title": str(pdf.docinfo["/Title"]),
    "shows_title": bool(root.ViewerPreferences.DisplayDocTitle),
    "marked": bool(root.MarkInfo.Marked),
    "part": part,
    "pages": len(pdf.pages),
    "outline": "/Outlines" in root,
    "roles": roles,
    "problems": problems,
    "undrawn": tagged - marked,
    "outside": bare,
    "sizes": sorted(sizes),
    "created": str(pdf.docinfo["/CreationDate"]),
    "links": sorted(str(one.A.URI) for page in pdf.pages for one in page.get("/Annots", [])),
}))
