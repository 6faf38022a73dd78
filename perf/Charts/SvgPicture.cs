using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Substrate.Perf.Charts;

/// <summary>Draws charts as SVG.</summary>
internal static class SvgPicture
{
    private const double Width = 860;
    private const double BarHeight = 18;

    /// <summary>The whole text of an SVG file.</summary>
    public static string Of(IChart chart)
    {
        var (model, height) = chart switch
        {
            BarChart bars => (Draw(bars), HeightOf(bars)),
            CurveChart curves => (Draw(curves), 420),
            _ => throw new ArgumentException($"{chart.GetType().Name} is no chart that can be drawn", nameof(chart)),
        };
        model.Title = chart.Title;
        model.TitleFontSize = 15;
        model.Background = OxyColors.White;
        model.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.BottomCenter, LegendOrientation = LegendOrientation.Horizontal });
        return new SvgExporter { Width = Width, Height = height }.ExportToString(model).ReplaceLineEndings("\n").TrimEnd() + "\n";
    }

    private static double HeightOf(BarChart chart) =>
        130 + (chart.Categories.Count * ((chart.Stacked ? 1 : chart.Series.Count) * BarHeight + 14));

    private static PlotModel Draw(BarChart chart)
    {
        var model = new PlotModel();
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = chart.Unit, MinimumPadding = 0, AbsoluteMinimum = 0, MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = OxyColors.LightGray });

        // The axis counts from the bottom; the first category belongs on top.
        var categories = new CategoryAxis { Position = AxisPosition.Left, StartPosition = 1, EndPosition = 0, GapWidth = 0.4 };
        categories.Labels.AddRange(chart.Categories);
        model.Axes.Add(categories);
        foreach (var series in chart.Series)
        {
            var bars = series.Spread is null ? new BarSeries() : new ErrorBarSeries { ErrorWidth = 0.3 };
            bars.Title = series.Name;
            bars.IsStacked = chart.Stacked;
            bars.StrokeThickness = 0;
            for (var i = 0; i < series.Values.Count; i++)
            {
                bars.Items.Add(series.Spread is null
                    ? new BarItem(series.Values[i], i)
                    : new ErrorBarItem(series.Values[i], (series.Spread[i].High - series.Spread[i].Low) / 2, i));
            }

            model.Series.Add(bars);
        }

        return model;
    }

    private static PlotModel Draw(CurveChart chart)
    {
        var model = new PlotModel();
        model.Axes.Add(Axis(AxisPosition.Bottom, chart.Across, chart.LogarithmicAcross));
        model.Axes.Add(Axis(AxisPosition.Left, chart.Up, chart.LogarithmicUp));
        foreach (var curve in chart.Curves)
        {
            var line = new LineSeries { Title = curve.Name, StrokeThickness = 2 };
            line.Points.AddRange(curve.Points.Select(static p => new DataPoint(p.X, p.Y)));
            model.Series.Add(line);
        }

        return model;
    }

    private static Axis Axis(AxisPosition position, string title, bool logarithmic)
    {
        Axis axis = logarithmic ? new LogarithmicAxis() : new LinearAxis();
        (axis.Position, axis.Title) = (position, title);
        (axis.MajorGridlineStyle, axis.MajorGridlineColor) = (LineStyle.Solid, OxyColors.LightGray);
        return axis;
    }
}
