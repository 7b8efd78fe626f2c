#!/usr/bin/env bash
# Translations of the window, with Qt's own tools (Debian: qt6-l10n-tools).
#
#   scripts/translations.sh update        brings resources/translations/*.ts up to date with the sources
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
    sed -n '2,7p' "$0" >&2
    exit 2
    ;;
esac
