using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Vision.Tests;

public class LoadTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_box_that_keeps_up_takes_every_picture()
    {
        var controller = new LoadController(cameras: 2, slots: 1);
        Run(controller, 60, cost: 0.03, [10, 10], [1, 0]);
        Assert.Equal([0, 0], Steps(controller, 2));
    }

    [Fact]
    public void An_overloaded_box_thins_the_idle_cameras_first_and_evenly_and_the_busiest_last()
    {
        var controller = new LoadController(cameras: 3, slots: 1);
        Run(controller, 2, cost: 0.2, [10, 10, 10], [1, 5, 0]);
        Assert.Equal([1, 0, 1], Steps(controller, 3));
        Run(controller, 60, cost: 0.2, [10, 10, 10], [1, 5, 0]);
        Assert.True(controller.Share(1) >= controller.Share(0) && controller.Share(1) >= controller.Share(2));
        // 200 ms each: five a second fit, and no more are asked for.
        double asked = 10 * (controller.Share(0) + controller.Share(1) + controller.Share(2));
        Assert.InRange(asked, 1, 5);
    }

    [Fact]
    public async Task A_camera_that_joins_gets_pictures_and_one_that_leaves_takes_nobodys_place()
    {
        using var scheduler = new DetectionScheduler([new CameraConfig("a", "clip:a")], slots: 1, TimeProvider.System);
        DetectionScheduler.Place first = scheduler[0];
        DetectionScheduler.Place second = scheduler.Join(fps: 5);
        Assert.True(first.IsDue() && second.IsDue());

        scheduler.Leave(first);

        Assert.Same(second, scheduler[0]);
        Assert.Equal(0, second.Step);
        await second.TakeTurnAsync(CancellationToken.None);
        second.EndTurn(TimeSpan.Zero, 0);
    }

    [Fact]
    public void Dropped_pictures_are_a_sign_of_overload_even_when_the_analysis_looks_idle()
    {
        // Other programs hold the processors: the analysis waits and is not busy.
        var controller = new LoadController(cameras: 1, slots: 2);
        controller.Decide([new CameraLoad(Due: 10, Dropped: 4, BusySeconds: 0.3, Activity: 0)], s_second);
        Assert.Equal(1, controller.Step(0));
    }

    [Fact]
    public void What_was_taken_comes_back_by_steps_when_the_pressure_is_over()
    {
        var controller = new LoadController(cameras: 2, slots: 1);
        Run(controller, 30, cost: 0.3, [10, 10], [1, 2]);
        Assert.True(controller.Step(0) > 0);
        int before = Steps(controller, 2).Sum();
        Run(controller, 300, cost: 0.01, [10, 10], [1, 2]);
        Assert.Equal([0, 0], Steps(controller, 2));
        Assert.True(before > 1);
    }

    [Fact]
    public void It_does_not_swing_to_and_fro_at_the_edge()
    {
        var controller = new LoadController(cameras: 1, slots: 1);
        int changes = 0, last = 0;
        for (int i = 0; i < 600; i++)
        {
            // Full rate costs 95 %, the next step 66 %: neither overloaded nor at ease.
            Run(controller, 1, cost: 0.095, [10], [1]);
            changes += controller.Step(0) != last ? 1 : 0;
            last = controller.Step(0);
        }
        Assert.Equal((1, 1), (changes, last));
    }

    [Fact]
    public async Task A_camera_at_a_step_is_asked_for_evenly_spread_pictures_and_never_for_less_than_one_a_second()
    {
        var time = new SteppedTime();
        using var scheduler = new DetectionScheduler([Camera(10)], slots: 1, time);
        DetectionScheduler.Place place = scheduler[0];
        int due = 0;
        var gaps = new List<int>();
        int since = 0;
        for (int picture = 0; picture < 600; picture++)
        {
            time.Step(TimeSpan.FromMilliseconds(100));
            since++;
            if (place.IsDue())
            {
                // Each analysis takes 400 ms of a second's time: two and a half fit.
                await place.TakeTurnAsync(CancellationToken.None);
                place.EndTurn(TimeSpan.FromMilliseconds(400), people: 0);
                if (picture >= 500)
                {
                    due++;
                    gaps.Add(since);
                }
                since = 0;
            }
        }
        Assert.InRange(place.Step, 4, LoadController.LastStep);
        Assert.InRange(due, 10, 25);
        Assert.True(gaps.Max() - gaps.Min() <= 1, string.Join(' ', gaps));
    }

    [Fact]
    public async Task Only_so_many_analyses_run_at_a_time()
    {
        using var scheduler = new DetectionScheduler([Camera(5), Camera(5)], slots: 1, TimeProvider.System);
        await scheduler[0].TakeTurnAsync(CancellationToken.None);
        Task second = scheduler[1].TakeTurnAsync(CancellationToken.None);
        Assert.False(second.IsCompleted);
        scheduler[0].EndTurn(TimeSpan.FromMilliseconds(5), 0);
        await second;
    }

    private static void Run(LoadController controller, int periods, double cost, double[] fps, double[] people)
    {
        var loads = new CameraLoad[fps.Length];
        for (int p = 0; p < periods; p++)
        {
            for (int i = 0; i < fps.Length; i++)
            {
                int due = (int)Math.Round(fps[i] * controller.Share(i));
                loads[i] = new CameraLoad(due, 0, fps[i] * controller.Share(i) * cost, people[i]);
            }
            controller.Decide(loads, s_second);
        }
    }

    private static int[] Steps(LoadController controller, int cameras) => [.. Enumerable.Range(0, cameras).Select(controller.Step)];

    private static CameraConfig Camera(double fps) => new("door", "rtsp://camera/live", fps);

    private sealed class SteppedTime : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Step(TimeSpan by) => _ticks += by.Ticks;
    }
}
