// The bar over the 3-D view and its menu.
#include <QActionGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>

#include "views/trajectory/OverlayMenu.h"
#include "views/trajectory/PositionChooser.h"
#include "views/trajectory/TrajectoryView.h"
#include "widgets/SpaceView.h"

namespace sqil {

QWidget* TrajectoryView::makeTools() {
    auto* tools = new QWidget;
    auto* row = new QHBoxLayout(tools);
    row->setContentsMargins(10, 6, 10, 6);
    row->setSpacing(6);
    position_ = new PositionChooser;
    connect(position_, &PositionChooser::chosen, this, &TrajectoryView::setSource);
    row->addWidget(position_, 1);
    colours_ = makeColours();
    row->addWidget(colours_);
    auto* views = new QToolButton;
    views->setText(tr("View"));
    views->setToolTip(tr("Which paths, and where to look from"));
    views->setPopupMode(QToolButton::InstantPopup);
    views->setProperty("hasWords", true);  // room for the arrow beside them
    views->setMenu(makeMenu(views));
    row->addWidget(views);
    return tools;
}

QComboBox* TrajectoryView::makeColours() {
    auto* colours = new QComboBox;
    colours->setToolTip(tr("What the paths' colours say"));
    colours->setAccessibleName(colours->toolTip());
    colours->addItem(tr("SIS"), int(PathColouring::Sis));
    colours->addItem(tr("Gap"), int(PathColouring::Gap));
    colours->addItem(tr("Success"), int(PathColouring::Outcome));
    colours->addItem(tr("Recorded policy"), int(PathColouring::Recorded));
    connect(colours, &QComboBox::activated, this,
            [this, colours](int index) { setColouring(PathColouring(colours->itemData(index).toInt())); });
    return colours;
}

QMenu* TrajectoryView::makeMenu(QWidget* parent) {
    auto* menu = new QMenu(parent);
    menu->setToolTipsVisible(true);
    auto* group = new QActionGroup(menu);
    const auto choice = [&](PathChoice which, const QString& text, const QString& toolTip) {
        QAction* action = menu->addAction(text, this, [this, which] { setChoice(which); });
        action->setToolTip(toolTip);
        action->setCheckable(true);
        action->setChecked(which == options_.choice);
        group->addAction(action);
        choices_[std::size_t(which) - 1] = action;
    };
    choice(PathChoice::Current, tr("The episode al&one"), tr("The path of the episode that is shown"));
    choice(PathChoice::SameBeginning, tr("All that &began as it did"),
           tr("Episodes with the same recorded seed, of every policy and file; balls show where each is at this step"));
    choice(PathChoice::All, tr("&All episodes"), tr("Every path that was read"));
    overlays_ = new OverlayMenu(session_, menu);
    connect(overlays_, &OverlayMenu::chosen, this, &TrajectoryView::setOver);
    menu->addMenu(overlays_);
    menu->addSeparator();
    const auto toggle = [&](const QString& text, bool on, std::function<void(bool)> changed) {
        QAction* action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(on);
        connect(action, &QAction::toggled, this, [changed = std::move(changed)](bool checked) { changed(checked); });
        return action;
    };
    critical_ = toggle(tr("&Critical states as balls"), true, [this](bool on) {
        options_.withCriticalStates = on;
        build();
    });
    picture_ = toggle(tr("Camera frame at the c&ursor"), true, [this](bool) { updateFrame(); });
    orthographic_ = toggle(tr("&Orthographic"), false, [this](bool on) { space_->setOrthographic(on); });
    menu->addSeparator();
    using Preset = SpaceCamera::Preset;
    for (const auto& [name, preset] :
         {std::pair(tr("&Isometric"), Preset::Isometric), std::pair(tr("From the &front"), Preset::Front),
          std::pair(tr("From the &side"), Preset::Side), std::pair(tr("From abo&ve"), Preset::Top)})
        menu->addAction(name, this, [this, preset = preset] { space_->look(preset); });
    menu->addAction(tr("Show &everything"), space_, &SpaceView::fit);
    menu->addSeparator();
    menu->addAction(tr("Scene from a &MuJoCo model…"), this, &TrajectoryView::chooseModel);
    menu->addAction(tr("&Without a scene"), this, [this] { setModel({}); });
    return menu;
}

}  // namespace sqil
