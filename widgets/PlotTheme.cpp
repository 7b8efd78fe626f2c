#include "widgets/PlotTheme.h"

#include <QGuiApplication>

namespace sqil {
namespace {

QColor withAlpha(QColor colour, int alpha) {
    colour.setAlpha(alpha);
    return colour;
}

PlotTheme lightColours() {
    PlotTheme theme;
    theme.first = QColor(0x1f5fbf);
    theme.second = QColor(0xc8540a);
    theme.others = {QColor(0x00806a), QColor(0xa0448f), QColor(0x6b6a1f), QColor(0x8a4b4b)};
    theme.band = QColor(0xfdeeb8);
    theme.bandEdge = QColor(0xe0b93a);
    theme.missing = QColor(0xc3c9d1);
    theme.flag = QColor(0x7a4fd0);
    theme.good = QColor(0x1a7f4b);
    theme.bad = QColor(0xc2332d);
    return theme;
}

PlotTheme darkColours() {
    PlotTheme theme;
    theme.dark = true;
    theme.first = QColor(0x6ea8fe);
    theme.second = QColor(0xff9e57);
    theme.others = {QColor(0x3fd0b0), QColor(0xe08fd0), QColor(0xc9c45a), QColor(0xd69a9a)};
    theme.band = QColor(0x4a411f);
    theme.bandEdge = QColor(0x9c8431);
    theme.missing = QColor(0x4a525d);
    theme.flag = QColor(0xb79bff);
    theme.good = QColor(0x4cc38a);
    theme.bad = QColor(0xff7b72);
    return theme;
}

}  // namespace

PlotTheme PlotTheme::of(const QPalette& palette, const QFont& font) {
    const bool dark = palette.color(QPalette::Window).lightness() < 128;
    PlotTheme theme = dark ? darkColours() : lightColours();
    theme.background = palette.color(QPalette::Base);
    theme.panel = palette.color(QPalette::Window);
    theme.text = palette.color(QPalette::Text);
    theme.muted = palette.color(QPalette::PlaceholderText);
    theme.grid = withAlpha(theme.text, dark ? 28 : 22);
    theme.cursor = theme.text;
    theme.font = font;
    return theme;
}

PlotTheme PlotTheme::print() {
    PlotTheme theme = lightColours();
    theme.background = Qt::white;
    theme.panel = QColor(0xf2f3f5);
    theme.text = QColor(0x111111);
    theme.muted = QColor(0x555b63);
    theme.grid = QColor(0xe3e5e8);
    theme.cursor = QColor(0x222222);
    theme.font = QGuiApplication::font();
    theme.font.setPixelSize(32);
    theme.font.setHintingPreference(QFont::PreferNoHinting);
    theme.unit = 3;
    return theme;
}

QFont PlotTheme::scaled(double factor, bool bold) const {
    QFont result = font;
    if (font.pixelSize() > 0)
        result.setPixelSize(std::max(1, qRound(font.pixelSize() * factor)));
    else
        result.setPointSizeF(font.pointSizeF() * factor);
    if (bold)
        result.setWeight(QFont::DemiBold);
    return result;
}

}  // namespace sqil
