#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/incremental/Stage.h"
#include "core/analysis/incremental/WindowAxis.h"

namespace sqil {

// Stages that work pixel by pixel or window by window and are never the bottleneck.

/// A stage whose places do not depend on each other.
class PlaceStage : public Stage {
public:
    void plan(const std::vector<DeltaMap>& maps, const Chunk& chunk) final;
    void run(const StageRun& run, std::size_t chunk) const final;

protected:
    struct Context {
        const StageRun& run;
        const std::vector<DeltaMap>& maps;
        const Chunk& chunk;
        std::int64_t row, column;
        const DeltaMap& map(int id) const { return maps[static_cast<std::size_t>(id)]; }
        PlaceMap place(int id) const { return {map(id), chunk, row, column}; }
        float* data(int id) const { return run.maps[static_cast<std::size_t>(id)]; }
        const float* base(int id) const { return run.bases[static_cast<std::size_t>(id)]; }
    };
    virtual void computePlace(const Context& context) const = 0;

private:
    std::vector<DeltaMap> maps_;
    std::vector<Chunk> chunks_;
};

/// Δ of the perturbed image itself: M_k·D inside the mask's reach.
class InputStage final : public PlaceStage {
public:
    InputStage(int out, std::shared_ptr<const ImagePerturbation> perturbation)
        : out_(out), perturbation_(std::move(perturbation)) {}
    std::vector<int> reads() const override { return {}; }
    int writes() const override { return out_; }
    std::string describe() const override { return "perturbed image, where the mask reaches"; }

private:
    void computePlace(const Context& context) const override;
    int out_;
    std::shared_ptr<const ImagePerturbation> perturbation_;
};

class ReluStage final : public PlaceStage {
public:
    ReluStage(std::string name, int in, int out, int base) : name_(std::move(name)), in_(in), out_(out), base_(base) {}
    std::vector<int> reads() const override { return {in_}; }
    int writes() const override { return out_; }
    std::string describe() const override { return name_ + ": ReLU where inputs change"; }

private:
    void computePlace(const Context& context) const override;
    std::string name_;
    int in_, out_, base_;
};

/// Δ·scale, one factor a channel.
class ScaleStage final : public PlaceStage {
public:
    ScaleStage(std::string name, int in, int out, std::vector<float> scale)
        : name_(std::move(name)), in_(in), out_(out), scale_(std::move(scale)) {}
    std::vector<int> reads() const override { return {in_}; }
    int writes() const override { return out_; }
    std::string describe() const override { return name_ + ": factor a channel where inputs change"; }

private:
    void computePlace(const Context& context) const override;
    std::string name_;
    int in_, out_;
    std::vector<float> scale_;
};

/// Sum of maps with factors, or maps side by side along the channels.
class CombineStage final : public PlaceStage {
public:
    struct Part {
        int map = -1;
        float factor = 1;
        std::int64_t firstChannel = 0;  ///< of the result
    };
    CombineStage(std::string name, std::vector<Part> parts, int out)
        : name_(std::move(name)), parts_(std::move(parts)), out_(out) {}
    std::vector<int> reads() const override;
    int writes() const override { return out_; }
    std::string describe() const override { return name_ + ": combined where inputs change"; }

private:
    void computePlace(const Context& context) const override;
    std::string name_;
    std::vector<Part> parts_;
    int out_;
};

/// max(b + Δ) − max(b) over each window.
class MaxPoolStage final : public PlaceStage {
public:
    MaxPoolStage(std::string name, int in, int out, WindowAxis y, WindowAxis x, int inBase, int outBase)
        : name_(std::move(name)), in_(in), out_(out), y_(y), x_(x), inBase_(inBase), outBase_(outBase) {}
    std::vector<int> reads() const override { return {in_}; }
    int writes() const override { return out_; }
    std::string describe() const override { return name_ + ": max pooling where inputs change"; }

private:
    void computePlace(const Context& context) const override;
    std::string name_;
    int in_, out_;
    WindowAxis y_, x_;
    int inBase_, outBase_;
};

/// Sum of Δ over each window, divided by a number that is the product of one along each axis.
class AveragePoolStage final : public PlaceStage {
public:
    AveragePoolStage(std::string name, int in, int out, WindowAxis y, WindowAxis x, std::vector<double> divisorY,
                     std::vector<double> divisorX)
        : name_(std::move(name)),
          in_(in),
          out_(out),
          y_(y),
          x_(x),
          divisorY_(std::move(divisorY)),
          divisorX_(std::move(divisorX)) {}
    std::vector<int> reads() const override { return {in_}; }
    int writes() const override { return out_; }
    std::string describe() const override { return name_ + ": average pooling where inputs change"; }

private:
    void computePlace(const Context& context) const override;
    std::string name_;
    int in_, out_;
    WindowAxis y_, x_;
    std::vector<double> divisorY_, divisorX_;
};

}  // namespace sqil
