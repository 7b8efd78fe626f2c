#!/usr/bin/env bash
# Translations of the window, with Qt's own tools (Debian: qt6-l10n-tools).
#
#   scripts/translations.sh update        brings resources/translations/*.ts up to date with the sources
#   scripts/translations.sh missing       names the texts that a translation lacks; fails where there are any
#   scripts/translations.sh pseudo DIR    writes DIR/sqil-studio_eo.qm: every text in ⟦brackets⟧, longer and with
#                                         accents, which shows what cannot be translated and what has no room
set -euo pipefail
cd "$(dirname "$0")/.."

tools=${QT_TOOLS:-/usr/lib/qt6/bin}
for tool in lupdate lrelease; do
    [ -x "$tools/$tool" ] || { echo "translations: $tools/$tool is missing; scripts/setup.sh tests installs it" >&2; exit 1; }
done

case ${1:-} in
update)
    for file in resources/translations/*.ts; do
        "$tools/lupdate" -silent -I . -locations none -no-obsolete app views widgets -ts "$file"
    done
    ;;
missing)
    # On copies: what the sources say now, whether or not "update" was run.
    copies=$(mktemp -d)
    trap 'rm -r "$copies"' EXIT
    for file in resources/translations/*.ts; do
        cp "$file" "$copies/"
        "$tools/lupdate" -silent -I . -locations none -no-obsolete app views widgets -ts "$copies/$(basename "$file")" 2> /dev/null
    done
    python3 - "$copies"/*.ts <<'PYTHON'
import os
import re
import sys
import xml.etree.ElementTree as xml

missing = 0


def tell(path, context, source, what):
    global missing
    missing += 1
    print(f"{os.path.basename(path)}: {context}: {source!r}: {what}")


for path in sys.argv[1:]:
    for context in xml.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            name, source = context.findtext("name"), message.findtext("source") or ""
            translation = message.find("translation")
            forms = [form.text or "" for form in translation] or [translation.text or ""]
            if translation.get("type") == "unfinished" or not all(forms):
                tell(path, name, source, "is not translated")
                continue
            for form in forms:
                places = re.compile(r"%(?:n|L?\d+)")
                if sorted(places.findall(form)) != sorted(places.findall(source)):
                    tell(path, name, source, f"other places than in {form!r}")
                if re.findall(r"\*\.\w+", form) != re.findall(r"\*\.\w+", source):
                    tell(path, name, source, f"other file endings than in {form!r}")
sys.exit(1 if missing else 0)
PYTHON
    ;;
pseudo)
    out=${2:?"translations: pseudo needs a folder"}
    mkdir -p "$out"
    "$tools/lupdate" -silent -I . -locations none app views widgets -source-language en -target-language eo -ts "$out/sqil-studio_eo.ts"
    python3 - "$out/sqil-studio_eo.ts" <<'PYTHON'
import re
import sys
import xml.etree.ElementTree as xml

accents = str.maketrans("aeiouyAEIOUYcnsz", "áéíóúýÁÉÍÓÚÝçñšž")
keep = re.compile(r"(%[nL]?\d*|<[^>]*>|&[a-z]+;|\([*.][^)]*\)|;;)")


def changed(text):
    parts = keep.split(text)
    return "".join(part if keep.fullmatch(part) else part.translate(accents) for part in parts)


path = sys.argv[1]
tree = xml.parse(path)
for message in tree.getroot().iter("message"):
    source = message.findtext("source") or ""
    translation = message.find("translation")
    # File filters and key names are read by the program, not by people alone.
    plain = ";;" in source or "(*." in source or re.fullmatch(r"(Ctrl|Shift|Alt)\+.*", source)
    text = source if plain else "⟦" + changed(source) + "⟧"
    translation.attrib.pop("type", None)
    if message.get("numerus") == "yes":
        for form in list(translation):
            translation.remove(form)
        for _ in range(2):
            xml.SubElement(translation, "numerusform").text = text
    else:
        translation.text = text
tree.write(path, encoding="utf-8", xml_declaration=True)
PYTHON
    "$tools/lrelease" -silent "$out/sqil-studio_eo.ts" -qm "$out/sqil-studio_eo.qm"
    ;;
*)
    sed -n '2,8p' "$0" >&2
    exit 2
    ;;
esac
