// A policy without a card: the card is proposed, previewed, completed, kept, and used.
#include <QComboBox>
#include <QPushButton>
#include <QTableWidget>

#include "app/studio/ProjectNotices.h"
#include "core/policy/CardStudy.h"
#include "tests/views/WindowFixture.h"
#include "views/card/CardDialog.h"
#include "views/card/CardNumbers.h"
#include "views/card/CardPreviewPanel.h"
#include "views/session/Paths.h"

using namespace sqil;

class CardTest : public test::WindowFixture {
    Q_OBJECT

    QString bare_;  ///< the sample's policy, without its card

    CardDialog* waitForDialog() {
        CardDialog* dialog = nullptr;
        [&] { QTRY_VERIFY_WITH_TIMEOUT((dialog = window_->findChild<CardDialog*>()), test::kWait); }();
        return dialog;
    }

private slots:
    void initTestCase() {
        if (!prepare(QStringLiteral("sqil-card-test")))
            QSKIP("the sample policy is not there");
        bare_ = project_->path("bare.pt2");
        std::filesystem::copy_file(project_->policy, toPath(bare_));
    }
    void cleanup() { closeWindow(); }

    void numbersAsTyped() {
        QCOMPARE(parseScale(QStringLiteral("1/255")).value(), 1.0 / 255);
        QCOMPARE(parseScale(QStringLiteral(" 0.5 ")).value(), 0.5);
        for (const char* bad : {"", "0", "1/0", "a", "1/2/3", "nan", "inf"})
            QVERIFY2(!parseScale(QLatin1String(bad)), bad);
        QCOMPARE(parseNumbers(QStringLiteral("0.5, 0.25 1")).value(), (std::vector<double>{0.5, 0.25, 1}));
        QVERIFY(parseNumbers(QString()).value().empty());
        QVERIFY(!parseNumbers(QStringLiteral("0.5 x")));
        QCOMPARE(parseSize(QStringLiteral("96×128")).value(), (std::vector<std::int64_t>{96, 128}));
        QCOMPARE(parseSize(QStringLiteral("64")).value(), (std::vector<std::int64_t>{64, 64}));
        QVERIFY(!parseSize(QStringLiteral("0x3")) && !parseSize(QStringLiteral("99999")));
        QCOMPARE(scaleText(1.0 / 255), QStringLiteral("1/255"));
        QCOMPARE(sizeText(std::vector<std::int64_t>{96, 128}), QStringLiteral("96×128"));
    }

    void theStudyKnowsWhatFits() {
        const auto rollouts = Rollouts::open(project_->rollouts);
        QVERIFY(rollouts);
        const auto study = CardStudy::open(toPath(bare_), *rollouts);
        QVERIFY2(study, study ? "" : study.error().message.c_str());
        QVERIFY(!(*study)->ownCard());
        PolicyCard card = (*study)->proposal();
        QCOMPARE(card.inputs.size(), (*study)->inputs().size());
        QVERIFY2((*study)->check(card).problem.empty(), (*study)->check(card).problem.c_str());

        // What reaches the policy is the recorded frame, scaled to 0…1, channels first.
        const auto preview = (*study)->preview(card, 0, 3);
        QVERIFY2(preview, preview ? "" : preview.error().message.c_str());
        bool any = false;
        for (const InputPreview& input : preview->inputs)
            if (!input.picture.empty()) {
                any = true;
                const auto block = (*rollouts)->step(0, "agentview_image", 3);
                const auto bytes = block->as<std::uint8_t>();
                const QImage shown = pictureOf(input);
                if (shown.size() == QSize(96, 96))
                    QCOMPARE(shown.pixel(10, 20), qRgb(bytes[(20 * 96 + 10) * 3], bytes[(20 * 96 + 10) * 3 + 1],
                                                       bytes[(20 * 96 + 10) * 3 + 2]));
            }
        QVERIFY(any);
        QVERIFY(!preview->action.empty() && !preview->recorded.empty());

        card.inputs[0].key = "nothing";
        const CardVerdict wrong = (*study)->check(card);
        QVERIFY(!wrong.problem.empty());
        QVERIFY(!wrong.inputs[0].problem.empty());
        QVERIFY((*study)->preview(card, 0, 0).has_value());  // shows what it can
    }

    void aPolicyWithoutCardOpensTheDialog() {
        openWindow();
        drop({project_->path("cards.sqil"), QString::fromStdString(project_->rollouts.string())});
        QTRY_VERIFY_WITH_TIMEOUT(session().hasRollouts(), test::kWait);
        drop({bare_});
        CardDialog* dialog = waitForDialog();
        QVERIFY(dialog);
        QVERIFY2(dialog->isComplete(), qPrintable(dialog->problem()));
        QTRY_VERIFY_WITH_TIMEOUT(!dialog->preview()->picture().isNull(), test::kWait);
        QTRY_VERIFY_WITH_TIMEOUT(dialog->preview()->actions()->rowCount() > 0, test::kWait);

        // A wrong scale is refused in place, a name is taken over.
        QTableWidget* inputs = dialog->inputTable();
        QPushButton* keep = dialog->findChild<QPushButton*>(QStringLiteral("keepCard"));
        const QString scale = inputs->item(0, 5)->text();
        inputs->item(0, 5)->setText(QStringLiteral("red"));
        QVERIFY(!dialog->isComplete() && !keep->isEnabled());
        QVERIFY2(dialog->problem().contains(QStringLiteral("red")), qPrintable(dialog->problem()));
        inputs->item(0, 5)->setText(scale);
        QVERIFY(dialog->isComplete() && keep->isEnabled());
        dialog->dimensionTable()->item(0, 0)->setText(QStringLiteral("forward"));
        QTest::mouseClick(keep, Qt::LeftButton);

        // It is kept in the project and used: the actions are named so.
        QTRY_VERIFY_WITH_TIMEOUT(
            !session().contents().policies.empty() && !session().contents().policies[0].record.cardJson.empty(),
            test::kWait);
        QTRY_VERIFY_WITH_TIMEOUT(
            !session().card().dimensions.empty() && session().card().dimensions[0].name == "forward", test::kWait);
        session().undoStack().undo();
        QTRY_VERIFY_WITH_TIMEOUT(session().contents().policies[0].record.cardJson.empty(), test::kWait);
    }

    void theCardCanBeEditedAgain() {
        openSmallProject();
        const RecordId id = session().contents().policies[0].record.id;
        window_->projectNotices().editCard(id);
        CardDialog* dialog = waitForDialog();
        QVERIFY(dialog && dialog->isComplete());
        QCOMPARE(dialog->card().controlRateHz, session().card().controlRateHz);
        QCOMPARE(toJson(dialog->card()), toJson(session().card()));  // nothing is lost on the way through the fields
        dialog->reject();
    }
};

QTEST_MAIN(CardTest)
#include "CardTest.moc"
