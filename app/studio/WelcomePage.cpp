#include "app/studio/WelcomePage.h"

#include <QIcon>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/studio/RecentButton.h"
#include "app/studio/Thumbnails.h"
#include "widgets/SvgIcon.h"

namespace sqil {
namespace {

constexpr int kWidth = 560;
constexpr int kMostRecent = 5;

QLabel* paragraph(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

}  // namespace

WelcomePage::WelcomePage(QWidget* parent) : QWidget(parent) {
    auto* outer = new QVBoxLayout(this);
    outer->addStretch(2);
    auto* page = new QWidget(this);
    page->setFixedWidth(kWidth);
    auto* column = new QVBoxLayout(page);
    column->setSpacing(8);
    auto* centred = new QHBoxLayout;  // no alignment: the page's height follows its wrapped texts
    centred->addStretch();
    centred->addWidget(page);
    centred->addStretch();
    outer->addLayout(centred);
    outer->addStretch(3);

    auto* head = new QHBoxLayout;
    head->setSpacing(14);
    auto* logo = new QLabel(page);
    logo->setPixmap(QIcon(QStringLiteral(":/icons/sqil-studio.svg")).pixmap(48, 48));
    head->addWidget(logo);
    auto* title = new QLabel(tr("SQIL Studio"), page);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 2.0);
    large.setWeight(QFont::DemiBold);
    title->setFont(large);
    head->addWidget(title, 1);
    column->addLayout(head);
    column->addWidget(paragraph(tr("See which states of a robot policy matter, where it looks, and where its quantized "
                                   "version acts differently."),
                                page));
    column->addSpacing(14);

    auto* drop =
        new QLabel(tr("Drop a policy (.pt2, .pt, .zip), recorded rollouts (.hdf5) or a project (.sqil) here"), page);
    drop->setObjectName(QStringLiteral("dropArea"));
    drop->setAlignment(Qt::AlignCenter);
    drop->setMinimumHeight(110);
    drop->setStyleSheet(QStringLiteral("#dropArea { border: 1.5px dashed palette(mid); border-radius: 8px; }"));
    column->addWidget(drop);
    column->addSpacing(8);

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    auto* sample = new QPushButton(icon("sample"), tr("Open the sample"), page);
    sample->setObjectName(QStringLiteral("openSample"));
    sample->setToolTip(tr("A pick-and-place policy, its 4-bit version that fails, and rollouts of both"));
    auto* repair = new QPushButton(icon("quantize"), tr("Repair the sample…"), page);
    repair->setObjectName(QStringLiteral("repairSample"));
    repair->setToolTip(tr("Open the sample and train its 4-bit policy with saliency-weighted distillation"));
    auto* open = new QPushButton(icon("open"), tr("Open files…"), page);
    connect(sample, &QPushButton::clicked, this, &WelcomePage::sampleRequested);
    connect(open, &QPushButton::clicked, this, &WelcomePage::openRequested);
    connect(repair, &QPushButton::clicked, this, &WelcomePage::repairRequested);
    buttons->addWidget(sample);
    buttons->addWidget(repair);
    buttons->addWidget(open);
    buttons->addStretch();
    column->addLayout(buttons);
    busy_ = paragraph({}, page);
    column->addWidget(busy_);
    column->addSpacing(10);

    recentTitle_ = new QLabel(tr("Recent"), page);
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    recentTitle_->setFont(bold);
    column->addWidget(recentTitle_);
    recent_ = new QVBoxLayout;
    recent_->setSpacing(2);
    column->addLayout(recent_);
    setRecent({});
}

void WelcomePage::setRecent(const QStringList& files) {
    while (QLayoutItem* item = recent_->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    const QStringList shown = files.mid(0, kMostRecent);
    for (const QString& file : shown) {
        auto* button = new RecentButton(file, thumbnailOf(file), this);
        connect(button, &QAbstractButton::clicked, this, [this, file] { emit recentRequested(file); });
        recent_->addWidget(button);
    }
    recentTitle_->setVisible(!shown.isEmpty());
    if (isVisible())
        checkRecent();
}

void WelcomePage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    checkRecent();
}

void WelcomePage::checkRecent() {
    for (int index = 0; index < recent_->count(); ++index) {
        QPointer<RecentButton> button = qobject_cast<RecentButton*>(recent_->itemAt(index)->widget());
        if (!button)
            continue;
        jobs_.start<ProjectStatus>(
            tr("Looking at recent projects"),
            [file = button->file()](const Progress&) -> Result<ProjectStatus> { return statusOf(file); },
            [button](Result<ProjectStatus> status) {
                if (button && status)
                    button->setStatus(status->text, status->isProblem);
            });
    }
}

void WelcomePage::setBusy(const QString& what) {
    busy_->setText(what);
}

}  // namespace sqil
