// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>

namespace lab {

/// A list to choose from, with an arrow, whose width others may decide: what does not fit ends in an ellipsis, not in
/// half a letter.
class Picker : public QComboBox {
    Q_OBJECT

public:
    using QComboBox::QComboBox;

    int widthOf(const QString& text) const; ///< pixels, with frame and arrow
    int widthOfCurrent() const { return widthOf(currentText()); }
    int widthOfWidest() const;
    bool isElided() const { return shownText() != currentText(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int roomFor(int wide) const; ///< pixels for words, of a picker so wide
    QString shownText() const;
};

} // namespace lab
