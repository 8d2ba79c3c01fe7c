// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/theme/contrast.h"
#include "gui/theme/theme.h"

#include <QTest>

using namespace lab;

/// Words that cannot be read from the last row, and kinds of work that look alike.
class TestTheme : public QObject {
    Q_OBJECT

private slots:
    void contrastIsThatOfTheGuidelines() {
        QCOMPARE(qRound(contrast(Qt::black, Qt::white)), 21);
        QCOMPARE(contrast(QColor(0x777777U), QColor(0x777777U)), 1.0);
        QVERIFY(std::abs(contrast(QColor(0x767676U), Qt::white) - 4.54) < 0.01);
    }

    void allWordsAreReadable_data() {
        QTest::addColumn<QString>("id");
        for (const auto& theme : themes()) {
            QTest::addRow("%s", qPrintable(theme.id)) << theme.id;
        }
    }
    void allWordsAreReadable() {
        QFETCH(QString, id);
        const auto& theme = findTheme(id);
        const std::array grounds{theme.window, theme.panel, theme.userSpace, theme.kernelSpace, theme.box};
        const std::array words{theme.text, theme.textSoft, theme.textFaint, theme.nowText, theme.outside};
        for (const auto& ground : grounds) {
            for (const auto& colour : words) {
                QVERIFY2(contrast(colour, ground) >= 4.5, qPrintable(QStringLiteral("%1 on %2: %3")
                                                                         .arg(colour.name(), ground.name())
                                                                         .arg(contrast(colour, ground))));
            }
            // An outline needs less than words.
            QVERIFY2(contrast(theme.now, ground) >= 3, qPrintable(ground.name()));
        }
        for (std::size_t work = 0; work < theme.work.size(); ++work) {
            QVERIFY2(contrast(theme.onWork[work], theme.work[work]) >= 4.5, qPrintable(theme.work[work].name()));
        }
    }

    void projectorTypeIsAtLeastEighteenPoints() {
        for (const auto* id : {"projector-light", "projector-dark"}) {
            const auto& theme = findTheme(QLatin1String(id));
            QCOMPARE(theme.id, QLatin1String(id));
            QVERIFY(theme.smallSize >= 24 && theme.typeSize >= 24 && theme.titleSize >= 24);
        }
    }

    void kindsOfWorkDiffer() {
        for (const auto& theme : themes()) {
            for (std::size_t one = 1; one < theme.work.size(); ++one) {
                QVERIFY(theme.work[one] != theme.now);
                for (std::size_t other = one + 1; other < theme.work.size(); ++other) {
                    QVERIFY(theme.work[one] != theme.work[other]);
                }
            }
        }
    }

    void anUnknownThemeIsTheFirst() { QCOMPARE(findTheme(QStringLiteral("no such theme")).id, themes().front().id); }
};

QTEST_APPLESS_MAIN(TestTheme)
#include "tst_theme.moc"
