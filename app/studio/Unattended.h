#pragma once
#include <QObject>
#include <QTimer>

#include "app/studio/Arguments.h"

namespace sqil {

class MainWindow;

/// Opens what the command line names and goes to the place it names. With --export or
/// --screenshot it then waits for the analysis, writes the files and ends the program.
class Unattended : public QObject {
    Q_OBJECT
public:
    Unattended(MainWindow& window, const Arguments& arguments, QObject* parent = nullptr);

    void start();

private:
    void arrange();
    void goToPlace();
    void check();
    void finish(int code);
    bool isReady() const;

    MainWindow& window_;
    Arguments arguments_;
    QTimer checking_;
    QStringList errors_;
    bool arranged_ = false, placed_ = false, done_ = false;
    int finished_ = 0;  ///< the comparison whose analysis has come to its end
    int settledChecks_ = 0;
};

}  // namespace sqil
