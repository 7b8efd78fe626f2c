// Several quantized policies at once, in the real window: every view has one more of everything.
#include <QComboBox>
#include <QMenu>

#include "tests/views/WindowFixture.h"
#include "views/actions/ActionsView.h"
#include "views/frames/FramesView.h"
#include "views/scatter/ScatterView.h"
#include "widgets/ActionBars.h"
#include "widgets/ImageView.h"

using namespace sqil;

class ComparedTest : public test::WindowFixture {
    Q_OBJECT

    const TimelineLane* lane(const QString& key) {
        for (const TimelineLane& lane : plot()->scene().lanes)
            if (lane.key == key)
                return &lane;
        return nullptr;
    }
    bool isKnown(std::size_t compared) {
        for (int episode = 0; episode < 2; ++episode) {
            const auto& gap = session().results().episode(episode).gapOf(compared);
            if (gap.size() != 12 || std::any_of(gap.begin(), gap.end(), [](float value) { return std::isnan(value); }))
                return false;
        }
        return true;
    }

private slots:
    void initTestCase() {
        if (!prepare(QStringLiteral("sqil-compared-test")))
            QSKIP("the sample policy is not there");
        QuantSpec spec;
        for (const int bits : {3, 8}) {
            spec.weightBits = bits;
            const auto made = quantizePolicyFile(project_->policy, project_->rollouts, spec,
                                                 toPath(project_->path(bits == 3 ? "w3.pt2" : "w8.pt2")), {});
            QVERIFY2(made, made ? "" : made.error().message.c_str());
        }
    }
    void cleanupTestCase() { closeWindow(); }

    void everyViewShowsAllOfThem() {
        openSmallProject();
        const RecordId w4 = session().comparison().quantized->id;
        drop({project_->path("w3.pt2"), project_->path("w8.pt2")});
        QTRY_COMPARE_WITH_TIMEOUT(session().contents().policies.size(), std::size_t(4), test::kWait);
        QTRY_VERIFY(!session().jobs().isBusy());
        session().comparePolicy(w4);
        for (const PolicyItem& item : session().contents().policies)
            if (item.isQuantized() && item.record.id != w4)
                session().alsoCompare(item.record.id, true);
        QCOMPARE(session().comparedCount(), std::size_t(3));
        QCOMPARE(session().comparison().quantized->id, w4);
        QTRY_VERIFY_WITH_TIMEOUT(isKnown(0) && isKnown(1) && isKnown(2), test::kWait);
        selection().setEpisode(1, 5);
        QTRY_COMPARE(session().frames().step, 5);

        // Timeline: a curve a policy, each with its own name and colour.
        QTRY_VERIFY(lane(QStringLiteral("gap")) && lane(QStringLiteral("gap"))->series.size() == 3);
        for (std::size_t compared = 0; compared < 3; ++compared) {
            const auto& values = lane(QStringLiteral("gap"))->series[compared].values;
            QVERIFY(values && values->size() == 12);
        }

        // Frames: full precision and three more; with their differences seven.
        press(Qt::Key_4);
        QCOMPARE(window_->frames().pictures().size(), std::size_t(4));
        press(Qt::Key_5);
        QCOMPARE(window_->frames().pictures().size(), std::size_t(7));
        QTRY_VERIFY_WITH_TIMEOUT(session().probe().hasAllMaps(1, 5), test::kWait);
        QSet<QString> titles;
        for (const ImageView* view : window_->frames().pictures())
            titles << view->title();
        QCOMPARE(titles.size(), 7);

        // Actions: a bar each beside the reference's, and no two policies do the same.
        const ActionBars* bars = window_->actionsView().bars();
        QTRY_COMPARE(bars->courseCount(), std::size_t(4));
        QSet<float> values;
        for (std::size_t course = 0; course < 4; ++course)
            values << bars->value(course, 0);
        QCOMPARE(values.size(), 4);

        // Scatter: any of the gaps.
        QCOMPARE(window_->scatterView().gapBox()->count(), 3);

        // One leaves: the others stay as they are.
        session().alsoCompare(session().comparison().others[0].id, false);
        QCOMPARE(session().comparedCount(), std::size_t(2));
        QCOMPARE(window_->frames().pictures().size(), std::size_t(5));
        QTRY_VERIFY(lane(QStringLiteral("gap")) && lane(QStringLiteral("gap"))->series.size() == 2);
    }

    void removingOneOfThemLeavesTheOthers() {
        session().removePolicy(session().comparison().others[0].id);
        QCOMPARE(session().comparedCount(), std::size_t(1));
        QTRY_VERIFY(!session().jobs().isBusy());
        QCOMPARE(session().contents().policies.size(), std::size_t(3));
        QCOMPARE(window_->frames().pictures().size(), std::size_t(3));
        session().undoStack().undo();
        QTRY_COMPARE(session().contents().policies.size(), std::size_t(4));
    }
};

QTEST_MAIN(ComparedTest)
#include "ComparedTest.moc"
