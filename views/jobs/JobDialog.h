#pragma once
#include <QDialog>
#include <QTimer>
#include <memory>
#include <vector>

#include "core/jobs/JobSpec.h"
#include "views/jobs/JobForm.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QScrollArea;
class QSpinBox;

namespace sqil {

class JobEstimator;

/// What a dialog for a new job knows of the project.
struct JobDialogContext {
    std::filesystem::path project;
    std::vector<OfferedFile> files;
    QString policy, quantized, rollouts;  ///< of the comparison on screen: what a form begins with
};

/// A new job: its kind, a preset, its parameters, what it is repeated over and what comes before and after it, when and
/// where it runs, and how long it will take. Says at once what is wrong, in the core's words.
class JobDialog : public QDialog {
    Q_OBJECT
public:
    explicit JobDialog(JobDialogContext context, QWidget* parent = nullptr);
    ~JobDialog() override;

    void setKind(const std::string& kind);
    void setPreset(const std::string& preset);
    void setSpec(const JobSpec& spec);  ///< "duplicate with changes"
    JobForm* form() const { return form_; }
    Result<JobBatch> batch() const;
    QString problem() const;

signals:
    void submitted(const sqil::JobBatch& batch);

private:
    QWidget* makeHead();
    QWidget* makeSide();
    void makeForm(const nlohmann::json& parameters);
    void fillPresets();
    void update();
    void estimate();
    void addSteps(JobBatch& batch, JobSpec main) const;
    Result<void> addGrid(JobBatch& batch, const char* parameter, const QString& text) const;
    nlohmann::json beginning() const;

    JobDialogContext context_;
    QComboBox* kind_;
    QComboBox* preset_;
    QLineEdit* name_;
    QLabel* note_;
    QCheckBox* advanced_;
    QScrollArea* scroll_;
    JobForm* form_ = nullptr;
    QWidget* repeat_;
    QLineEdit* seeds_;
    QLineEdit* bits_;
    QWidget* chain_;
    QCheckBox* analyseFirst_;
    QCheckBox* evaluateThen_;
    QLineEdit* environment_;
    QSpinBox* episodes_;
    QCheckBox* benchThen_;
    QComboBox* device_;
    QComboBox* launcher_;
    QSpinBox* priority_;
    QPushButton* estimate_;
    QLabel* estimated_;
    QLabel* problem_;
    QPushButton* start_;
    QTimer checking_;
    std::unique_ptr<JobEstimator> estimator_;
};

}  // namespace sqil

Q_DECLARE_METATYPE(sqil::JobBatch)
