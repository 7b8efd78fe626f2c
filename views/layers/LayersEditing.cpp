// Editing the layers' bits, with undo.
#include <QKeyEvent>
#include <QPointer>
#include <QTreeView>
#include <QUndoCommand>

#include "views/layers/LayersView.h"
#include "views/session/Paths.h"

namespace sqil {
namespace {

/// New widths; typing several after another stays several commands, since each was looked at.
class SetWidths : public QUndoCommand {
public:
    SetWidths(const QString& text, std::vector<LayerBits> before, std::vector<LayerBits> after,
              std::function<bool(const std::vector<LayerBits>&)> apply)
        : QUndoCommand(text), before_(std::move(before)), after_(std::move(after)), apply_(std::move(apply)) {}
    void undo() override { setObsolete(!apply_(before_)); }
    void redo() override { setObsolete(!apply_(after_)); }

private:
    std::vector<LayerBits> before_, after_;
    std::function<bool(const std::vector<LayerBits>&)> apply_;
};

}  // namespace

QString LayersView::widthName(int bits) {
    return bits >= kFullPrecisionBits ? tr("float") : QString::number(bits);
}

void LayersView::setWidths(const std::vector<std::size_t>& layers, std::optional<int> weights,
                           std::optional<int> activations) {
    if (!isOpen() || layers.empty())
        return;
    std::vector<LayerBits> bits = model_->bits();
    for (const std::size_t chosen : layers)
        for (const std::size_t layer : model_->layers()[chosen].sharing) {
            if (weights)
                bits[layer].weights = *weights;
            if (activations)
                bits[layer].activations = *activations;
        }
    const QString what = layers.size() == 1 ? toQString(model_->layers()[layers.front()].name)
                                            : tr("%n layer(s)", nullptr, int(layers.size()));
    pushWidths(weights ? tr("Set weights of %1 to %2 bits").arg(what, widthName(*weights))
                       : tr("Set activations of %1 to %2 bits").arg(what, widthName(activations.value_or(0))),
               bits);
}

void LayersView::resetWidths() {
    if (isOpen())
        pushWidths(tr("Reset the layers' bits"), recipe_);
}

void LayersView::pushWidths(const QString& text, const std::vector<LayerBits>& bits) {
    if (bits == model_->bits())
        return;
    session_.undoStack().push(
        new SetWidths(text, model_->bits(), bits,
                      [view = QPointer<LayersView>(this), pair = pair_](const std::vector<LayerBits>& wanted) {
                          return view && view->restoreWidths(pair, wanted);
                      }));
}

/// Bits of a compared policy that is not shown show it. False: it is no longer compared.
bool LayersView::restoreWidths(const Pair& pair, const std::vector<LayerBits>& bits) {
    if (isOpen() && pair == pair_) {
        applyWidths(bits);
        return true;
    }
    const Comparison& comparison = session_.comparison();
    const bool isCompared = pair.quantized == 0 ? !session_.hasQuantized() : session_.isCompared(pair.quantized);
    if (pair.project != comparison.project || pair.policy != comparison.policy.id || !isCompared)
        return false;
    edits_[pair] = bits;
    setPolicy(pair.quantized);
    return true;
}

bool LayersView::handleKey(int key, bool activations) {
    int width = 0;
    if (key == Qt::Key_0)
        width = kFullPrecisionBits;
    else if (key >= Qt::Key_2 && key <= Qt::Key_8)
        width = 2 + (key - Qt::Key_2);
    else
        return false;
    activations ? setWidths(selectedLayers(), std::nullopt, width) : setWidths(selectedLayers(), width, std::nullopt);
    return true;
}

/// In the tree, digits are bits, whatever they are elsewhere in the window.
bool LayersView::eventFilter(QObject* object, QEvent* event) {
    if (object == tree_ && (event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress)) {
        auto* key = static_cast<QKeyEvent*>(event);
        const auto modifiers = key->modifiers() & ~Qt::KeypadModifier;
        const bool isWidth = key->key() == Qt::Key_0 || (key->key() >= Qt::Key_2 && key->key() <= Qt::Key_8);
        if (isWidth && (modifiers == Qt::NoModifier || modifiers == Qt::AltModifier)) {
            if (event->type() == QEvent::KeyPress)
                return handleKey(key->key(), modifiers == Qt::AltModifier);
            event->accept();
            return true;
        }
    }
    return QStackedWidget::eventFilter(object, event);
}

}  // namespace sqil
