#pragma once
#include <QWidget>
#include <map>
#include <vector>

#include "core/jobs/JobKind.h"

class QComboBox;
class QFormLayout;
class QLabel;
class QVBoxLayout;

namespace sqil {

/// A file that a form offers for a file parameter.
struct OfferedFile {
    FileKind kind = FileKind::Other;
    QString title, path;
};

/// The parameters of a kind of job as rows, in groups, made from their description alone.
class JobForm : public QWidget {
    Q_OBJECT
public:
    JobForm(const JobKind& kind, const std::vector<OfferedFile>& files, QWidget* parent = nullptr);

    const JobKind& kind() const { return kind_; }
    /// What differs from the standard values. Error: the first field that cannot be read, in the core's words.
    Result<nlohmann::json> parameters() const;
    /// Sets these and gives all others their standard value.
    void setParameters(const nlohmann::json& parameters);
    void setValue(const std::string& parameter, const nlohmann::json& value);
    QString text(const std::string& parameter) const;
    void setAdvancedShown(bool shown);
    QWidget* editor(const std::string& parameter) const;
    /// Marks fields that cannot be read.
    void showProblems();

signals:
    void changed();

private:
    struct Field {
        const JobParameter* parameter = nullptr;
        QWidget* editor = nullptr;
        QLabel* label = nullptr;
        QWidget* row = nullptr;
        int group = 0;
    };

    void addField(const JobParameter& parameter);
    QWidget* makeEditor(const JobParameter& parameter, QWidget* row);
    QFormLayout* layoutOf(const std::string& group);
    static QString textOfField(const Field& field);
    static void setTextOfField(const Field& field, const QString& text);

    const JobKind& kind_;
    std::vector<OfferedFile> files_;
    QVBoxLayout* column_;
    std::vector<Field> fields_;
    std::vector<std::pair<std::string, QWidget*>> groups_;
    bool advancedShown_ = false;
};

}  // namespace sqil
