#include "widgets/GraphLayout.h"

#include <algorithm>
#include <numeric>

namespace sqil {
namespace {

constexpr int kOrderingSweeps = 12;
constexpr int kPlacingSweeps = 10;
constexpr double kBendWidth = 10;

/// A box, or the place where a long edge passes a row.
struct Place {
    int layer = 0;
    double width = 0;
    double x = 0;  ///< of the centre
    std::vector<int> above, below;
};

class Layering {
public:
    Layering(const std::vector<QSizeF>& sizes, const std::vector<GraphEdge>& edges, double rowGap, double columnGap)
        : sizes_(sizes), edges_(edges), rowGap_(rowGap), columnGap_(columnGap) {}

    GraphLayout run() {
        assignLayers();
        insertBends();
        orderRows();
        placeColumns();
        return result();
    }

private:
    /// True for edges that point down in the order of a depth-first walk; the others close cycles.
    std::vector<bool> forwardEdges() const {
        const std::size_t count = sizes_.size();
        std::vector<std::vector<int>> out(count);
        for (std::size_t edge = 0; edge < edges_.size(); ++edge)
            out[std::size_t(edges_[edge].from)].push_back(int(edge));
        std::vector<bool> forward(edges_.size(), true);
        enum State : char { New, Open, Done };
        std::vector<State> states(count, New);
        for (std::size_t root = 0; root < count; ++root) {
            if (states[root] != New)
                continue;
            std::vector<std::pair<int, std::size_t>> walk{{int(root), 0}};
            states[root] = Open;
            while (!walk.empty()) {
                auto& [box, next] = walk.back();
                if (next == out[std::size_t(box)].size()) {
                    states[std::size_t(box)] = Done;
                    walk.pop_back();
                    continue;
                }
                const int edge = out[std::size_t(box)][next++];
                const int to = edges_[std::size_t(edge)].to;
                if (states[std::size_t(to)] == Open)
                    forward[std::size_t(edge)] = false;
                else if (states[std::size_t(to)] == New) {
                    states[std::size_t(to)] = Open;
                    walk.emplace_back(to, 0);
                }
            }
        }
        return forward;
    }

    void assignLayers() {
        const std::size_t count = sizes_.size();
        places_.resize(count);
        for (std::size_t box = 0; box < count; ++box)
            places_[box].width = sizes_[box].width();
        const std::vector<bool> forward = forwardEdges();
        std::vector<std::vector<int>> out(count);
        std::vector<int> incoming(count, 0);
        for (std::size_t edge = 0; edge < edges_.size(); ++edge) {
            if (!forward[edge])
                continue;
            out[std::size_t(edges_[edge].from)].push_back(edges_[edge].to);
            ++incoming[std::size_t(edges_[edge].to)];
        }
        std::vector<int> ready;
        for (std::size_t box = 0; box < count; ++box)
            if (incoming[box] == 0)
                ready.push_back(int(box));
        for (std::size_t next = 0; next < ready.size(); ++next)
            for (const int to : out[std::size_t(ready[next])]) {
                Place& place = places_[std::size_t(to)];
                place.layer = std::max(place.layer, places_[std::size_t(ready[next])].layer + 1);
                if (--incoming[std::size_t(to)] == 0)
                    ready.push_back(to);
            }
        // Sources stand right above what reads them, not at the very top.
        for (auto box = ready.rbegin(); box != ready.rend(); ++box) {
            const auto& readers = out[std::size_t(*box)];
            const bool isSource =
                std::none_of(edges_.begin(), edges_.end(), [&](const GraphEdge& edge) { return edge.to == *box; });
            if (!isSource || readers.empty())
                continue;
            int nearest = places_[std::size_t(readers.front())].layer;
            for (const int reader : readers)
                nearest = std::min(nearest, places_[std::size_t(reader)].layer);
            places_[std::size_t(*box)].layer = nearest - 1;
        }
    }

    void insertBends() {
        chains_.resize(edges_.size());
        for (std::size_t edge = 0; edge < edges_.size(); ++edge) {
            int from = edges_[edge].from, to = edges_[edge].to;
            if (places_[std::size_t(from)].layer > places_[std::size_t(to)].layer)
                std::swap(from, to);
            const int last = places_[std::size_t(to)].layer;
            int previous = from;
            for (int layer = places_[std::size_t(from)].layer + 1; layer < last; ++layer) {
                const int bend = int(places_.size());
                places_.push_back({layer, kBendWidth, 0, {}, {}});
                chains_[edge].push_back(bend);
                join(previous, bend);
                previous = bend;
            }
            if (places_[std::size_t(from)].layer != last)
                join(previous, to);
        }
        int rows = 0;
        for (const Place& place : places_)
            rows = std::max(rows, place.layer + 1);
        rows_.resize(std::size_t(rows));
        for (std::size_t place = 0; place < places_.size(); ++place)
            rows_[std::size_t(places_[place].layer)].push_back(int(place));
    }

    void join(int upper, int lower) {
        places_[std::size_t(upper)].below.push_back(lower);
        places_[std::size_t(lower)].above.push_back(upper);
    }

    void orderRows() {
        std::vector<double> position(places_.size());
        const auto number = [&] {
            for (const auto& row : rows_)
                for (std::size_t index = 0; index < row.size(); ++index)
                    position[std::size_t(row[index])] = double(index);
        };
        number();
        for (int sweep = 0; sweep < kOrderingSweeps; ++sweep) {
            const bool down = sweep % 2 == 0;
            for (std::size_t step = 1; step < rows_.size(); ++step) {
                auto& row = rows_[down ? step : rows_.size() - 1 - step];
                std::vector<double> wanted(places_.size(), 0);
                for (const int place : row) {
                    const auto& neighbours =
                        down ? places_[std::size_t(place)].above : places_[std::size_t(place)].below;
                    double sum = 0;
                    for (const int neighbour : neighbours)
                        sum += position[std::size_t(neighbour)];
                    wanted[std::size_t(place)] =
                        neighbours.empty() ? position[std::size_t(place)] : sum / double(neighbours.size());
                }
                std::stable_sort(row.begin(), row.end(), [&](int one, int other) {
                    return wanted[std::size_t(one)] < wanted[std::size_t(other)];
                });
                number();
            }
        }
    }

    double distance(int left, int right) const {
        return (places_[std::size_t(left)].width + places_[std::size_t(right)].width) / 2 + columnGap_;
    }

    /// Moves the places of a row as near to where they want to be as their order and widths allow: runs of places that
    /// push each other are placed together, at the mean of their wishes.
    void settle(const std::vector<int>& row, const std::vector<double>& wanted) {
        struct Run {
            std::size_t first, count;
            double sum;  ///< of (wish − offset within the run)
            double start() const { return sum / double(count); }
        };
        std::vector<double> offset(row.size(), 0);
        for (std::size_t index = 1; index < row.size(); ++index)
            offset[index] = offset[index - 1] + distance(row[index - 1], row[index]);
        std::vector<Run> runs;
        for (std::size_t index = 0; index < row.size(); ++index) {
            runs.push_back({index, 1, wanted[std::size_t(row[index])] - offset[index]});
            while (runs.size() > 1 && runs[runs.size() - 2].start() > runs.back().start()) {
                runs[runs.size() - 2].sum += runs.back().sum;
                runs[runs.size() - 2].count += runs.back().count;
                runs.pop_back();
            }
        }
        for (const Run& run : runs)
            for (std::size_t index = run.first; index < run.first + run.count; ++index)
                places_[std::size_t(row[index])].x = run.start() + offset[index];
    }

    void placeColumns() {
        std::vector<double> wanted(places_.size(), 0);
        for (const auto& row : rows_)
            settle(row, wanted);
        for (int sweep = 0; sweep < kPlacingSweeps; ++sweep) {
            const bool down = sweep % 2 == 0;
            for (std::size_t step = 0; step < rows_.size(); ++step) {
                const auto& row = rows_[down ? step : rows_.size() - 1 - step];
                for (const int place : row) {
                    const Place& own = places_[std::size_t(place)];
                    double sum = 0;
                    std::size_t count = 0;
                    for (const auto* neighbours : {&own.above, &own.below})
                        for (const int neighbour : *neighbours) {
                            sum += places_[std::size_t(neighbour)].x;
                            ++count;
                        }
                    wanted[std::size_t(place)] = count == 0 ? own.x : sum / double(count);
                }
                settle(row, wanted);
            }
        }
    }

    GraphLayout result() const {
        GraphLayout layout;
        std::vector<double> top(rows_.size() + 1, 0), height(rows_.size(), 0);
        for (std::size_t box = 0; box < sizes_.size(); ++box) {
            auto& tallest = height[std::size_t(places_[box].layer)];
            tallest = std::max(tallest, sizes_[box].height());
        }
        for (std::size_t row = 0; row < rows_.size(); ++row)
            top[row + 1] = top[row] + height[row] + rowGap_;
        const auto middle = [&](int place) {
            const Place& own = places_[std::size_t(place)];
            return QPointF(own.x, top[std::size_t(own.layer)] + height[std::size_t(own.layer)] / 2);
        };
        for (std::size_t box = 0; box < sizes_.size(); ++box) {
            const QPointF centre = middle(int(box));
            layout.centres.push_back(centre);
            layout.layers.push_back(places_[box].layer);
            layout.bounds |= QRectF(centre - QPointF(sizes_[box].width(), sizes_[box].height()) / 2, sizes_[box]);
        }
        for (std::size_t edge = 0; edge < edges_.size(); ++edge) {
            const auto [from, to] = edges_[edge];
            const bool down = places_[std::size_t(from)].layer <= places_[std::size_t(to)].layer;
            const double side = down ? 0.5 : -0.5;
            std::vector<QPointF> points{layout.centres[std::size_t(from)] +
                                        QPointF(0, side * sizes_[std::size_t(from)].height())};
            std::vector<int> chain = chains_[edge];
            if (!down)
                std::reverse(chain.begin(), chain.end());
            for (const int bend : chain)
                points.push_back(middle(bend));
            points.push_back(layout.centres[std::size_t(to)] - QPointF(0, side * sizes_[std::size_t(to)].height()));
            layout.edges.push_back(std::move(points));
        }
        return layout;
    }

    const std::vector<QSizeF>& sizes_;
    const std::vector<GraphEdge>& edges_;
    double rowGap_, columnGap_;
    std::vector<Place> places_;
    std::vector<std::vector<int>> rows_;    ///< places from left to right
    std::vector<std::vector<int>> chains_;  ///< bends of each edge, from top to bottom
};

}  // namespace

GraphLayout layOutGraph(const std::vector<QSizeF>& sizes, const std::vector<GraphEdge>& edges, double rowGap,
                        double columnGap) {
    if (sizes.empty())
        return {};
    return Layering(sizes, edges, rowGap, columnGap).run();
}

}  // namespace sqil
