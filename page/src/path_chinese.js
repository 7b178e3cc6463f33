// 引导路径的中文文字：每个问题、可选的预测，以及用本研究的数写成的答案。

import { TRAINING_CHINESE } from "./training_chinese.js";

/**
 * 激活函数的斜率对误差的影响：某一层的斜率是否低于最大值的一半。
 * @type {Record<string, (f: any) => string>}
 */
const SLOPES_IN_CHINESE = {
  sigmoid: (f) => `sigmoid 的斜率最大为 1/4。${flatInChinese(f)}`,
  tanh: (f) => `tanh 的斜率最大为 1。${flatInChinese(f)}`,
  relu: (f) =>
    "总输入大于 0 时，ReLU 的斜率为 1，否则为 0：误差或者全部传过去，或者完全传不过去。" +
    (f.isStopped ? "这里有一层完全传不过去：它的总输入都小于 0。" : ""),
};

/** @param {any} f */
const flatInChinese = (f) =>
  f.isFlat
    ? "这里有一层不到它的一半，因为总输入离 0 很远：节点已饱和，输出几乎不变，误差只能传过去很少。"
    : "这里每一层都至少有它的一半：没有饱和的层。";

/** @param {any} f @param {number} k */
const waitInChinese = ({ ends, half, epochs }, k) =>
  ends[k] === "diverged"
    ? "权重无限增长"
    : ends[k] === "unlearned"
      ? `网络在 ${epochs} 轮内没有学会`
      : half[k] === null
        ? "训练代价从不下降"
        : `到第 ${half[k]} 轮，训练代价降到中点`;

/** @type {typeof import("./path_english.js").PATH_ENGLISH} */
export const PATH_CHINESE = {
  name: "引导路径",
  invitation:
    "十四个问题，从感知器到本研究能说明什么：先预测，再播放，再看结果。也可以在下面自己探索。",
  begin: "开始引导路径",
  goOn: (n) => `从第 ${n} 个问题继续`,
  place: (n, all) => `第 ${n} 个问题，共 ${all} 个`,
  back: "上一个",
  next: "下一个",
  leave: "离开路径",
  predict: "你预计会怎样？",
  play: "演示",
  wait: "正在下面训练。",
  progress: (done, all) => `共 ${all} 次划分，已训练 ${done} 次。`,
  between: "、",
  asExpected: "与你的预计相同。",
  unexpected: (right) => `与你的预计不同，结果是：“${right}”。`,
  or: "”或“",
  none: "这几种预计都不对。",
  open: "这里无法判断。",
  wrong: "与你的预计不同。",
  toSummary: "小结",
  summary: "你的收获",
  counts: (right, judged, all) => `共 ${all} 个问题，${judged} 个预计中有 ${right} 个正确。`,
  predicted: (option) => `你的预计：“${option}”。`,
  noPrediction: "你没有预计。",
  notShown: "没有看过答案。",
  questions: {
    xor: {
      title: "异或（XOR：x1 和 x2 中恰有一个为 1）：没有隐藏层的网络做不到什么？",
      options: [
        "只有没有隐藏层的网络能解决",
        "两者都能解决",
        "只有有 4 个隐藏节点的网络能解决",
        "两者都不能解决",
      ],
      found: (f) =>
        `没有隐藏层时，分界是一条直线。全部 ${f.all} 个点中，训练所得的直线分对 ${f.line} 个，所有直线中最好的分对 ${f.best} 个。` +
        `有 4 个隐藏节点时，${f.hidden === f.all ? "" : `${f.epochs} 轮后（在这里还不够），`}全部 ${f.all} 个点中 ${f.hidden} 个正确：每个节点画一条线，输出层把它们合起来。` +
        `下面的测试准确率只算 ${f.tests} 个测试点。` +
        "1969 年，感知器就停在这里（Minsky 和 Papert）；Werbos 的反向传播算法能训练隐藏节点。",
    },
    sample: {
      title: "一个样本会改变什么？",
      options: ["一个节点的权重", "输出层的权重", "全部权重和阈值"],
      found: (f, n) =>
        `${f.all} 个数中有 ${f.changed} 个改变，各按自己的${f.descends ? "梯度乘以 η" : "步长"}` +
        (f.hasEdges ? "；权重中，连线最粗的变得最多。" : "。") +
        (f.changed < f.all
          ? "其余的数在这里梯度为 0，或小到可以忽略：前一层传来的值为 0，或后面的误差为 0。"
          : "") +
        `对第 ${f.row} 行，代价从 ${n.fine(f.cost[0])} 变为 ${n.fine(f.cost[1])}` +
        (f.cost[1] > f.cost[0] ? "，反而上升：这一步太长。" : "。") +
        `逐个样本训练时，这是最多 ${f.steps} 步中的一步。`,
    },
    flow: {
      title: "误差往哪个方向传播，大小会变吗？",
      options: [
        "从输出反向传播，大体上变大",
        "从输出反向传播，大小差不多不变",
        "从输出反向传播，大体上变小",
      ],
      found: (f, n) =>
        `对第 ${f.row} 行，从输出层往回，|error| 的平均值依次为 ${n.list(f.sizes)}。` +
        `${["大体上变大", "总的来说变化不大", "大体上变小"][f.right]}：从 ${n.short(f.sizes[0])} 到 ${n.short(f.sizes[f.sizes.length - 1])}` +
        f.against
          .map(
            (/** @type {[number, number]} */ [from, to]) =>
              `；但从 ${n.short(from)} 到 ${n.short(to)} 变${to > from ? "大" : "小"}`,
          )
          .join("") +
        "。" +
        `每往回一步都要乘以权重和隐藏节点的斜率；从最后一个隐藏层往回，斜率的平均值依次为 ${n.list(f.slopes)}。` +
        SLOPES_IN_CHINESE[f.activation](f),
    },
    deep: {
      title: "在深的网络中，哪一层学得最慢？",
      options: ["第一层，紧靠输入", "中间的一层", "输出层"],
      found: (f, n) =>
        f.ends[0] === "diverged"
          ? `深网络在 ${f.epochs} 轮内发散：权重无限增长，所以误差不能说明什么。`
          : `训练中 |error| 的平均值，从第一层到输出层：${n.list(f.strengths)}。请看“各层学习的快慢”：一层的误差是后一层的误差乘以权重和斜率。` +
            (f.isAdam
              ? "但用 Adam 时，误差小与误差大时步长差不多，所以从误差看不出哪一层学得最慢。"
              : f.right.length > 1
                ? "最小的几个相差不到一倍，换一折就可能颠倒：所以不止一个答案算对。"
                : "") +
            (f.ends[0] === "unlearned"
              ? `${f.epochs} 轮后，深网络仍对全部训练样本预测同一类。`
              : `其测试准确率为 ${n.percent(f.accuracies[0])}` +
                (f.ends[1] === "diverged" ? "。" : `，参考配置为 ${n.percent(f.accuracies[1])}。`)),
    },
    wide: {
      title: "宽网络要等吗？到第几轮，它的代价才降到初始值与最低值的中点？",
      options: ["第 10 轮之前", "第 10 到 99 轮", "更晚", "本次训练中不会"],
      found: (f, n) =>
        `有 ${f.nodes[0]} 个节点时，${waitInChinese(f, 0)}；有 ${f.nodes[1]} 个节点时，${f.half.includes(null) ? waitInChinese(f, 1) : `到第 ${f.half[1]} 轮`}。` +
        (f.learns && !f.waits ? "这里它不用等。" : "") +
        (f.hasSlope && f.isFlatter
          ? (f.isFlat && f.grows
              ? "权重从 0 到 1 之间开始，所以节点越多，输出层的总输入越大，输出越饱和。"
              : "") +
            `开始时，平均输出分别为 ${f.starts[0].output.toFixed(6)} 和 ${n.short(f.starts[1].output)}，所以斜率 ŷ(1 − ŷ) 平均为 ${n.short(f.starts[0].slope)} 和 ${n.short(f.starts[1].slope)}：误差要乘以它，` +
            (f.isFlat ? "几乎传不回去。" : "两者都有相当一部分传回去。")
          : f.hasSlope
            ? "开始时，宽网络的输出并不比另一个更平，误差同样传得回去。"
            : "这里的代价函数使误差不乘以输出层的斜率。"),
    },
    rate: {
      title: "学习率增大到十倍会怎样？",
      options: [
        "学得更快，测试样本上也更好",
        "学得更快，但测试样本上并不更好",
        "发散",
        "最后的训练代价更高",
      ],
      found: (f, n) =>
        f.diverged[0]
          ? `η = ${f.rates[0]} 时，权重无限增长。η = ${f.rates[1]} 时，` +
            (f.diverged[1] ? "也是这样。" : `最后的代价为 ${n.short(f.train[1])}。`)
          : `η = ${f.rates[0]} 时，最后一次更新后的训练代价为 ${n.short(f.train[0])}，测试代价为 ${n.short(f.test[0])}。` +
            (f.diverged[1]
              ? `η = ${f.rates[1]} 时，权重无限增长。`
              : `η = ${f.rates[1]} 时，分别为 ${n.short(f.train[1])} 和 ${n.short(f.test[1])}。`) +
            (f.isSame
              ? "所以训练代价差不多相同：相差不超过百分之一。"
              : f.faster
                ? "这里学习率大，训练样本拟合得更好。" +
                  (f.isChance
                    ? `在 ${f.tests} 个测试样本上，测试代价之差可能出于偶然：所以前两个答案都算对。`
                    : f.right.includes(1)
                      ? "但多拟合的是其中的偶然：请看测试样本的实线。"
                      : "测试样本也是：请看实线。")
                : "这里学习率太大：步子太长，跳过了代价最低的地方。"),
    },
    ...TRAINING_CHINESE,
    mistake: {
      title: "如果从不更新阈值，准确率看得出来吗？",
      options: [
        "看得出：下降超过 5 个百分点",
        "看不出：变化不超过 5 个百分点",
        "反而提高超过 5 个百分点",
      ],
      found: (f, n) =>
        `测试准确率：没有错误时 ${n.percent(f.accuracies[0])}，有错误时 ${n.percent(f.accuracies[1])}（${f.tests} 个测试样本）。` +
        (f.suspect
          ? `梯度检验立刻能发现：${f.ofThreshold ? "某个阈值的梯度" : "某个梯度"}，按有限差分为 ${n.short(f.suspect.expected)}，在这个程序中为 ${n.short(f.suspect.own)}。`
          : "这里梯度检验没有发现什么：第一次更新中，阈值的梯度为 0，或远小于最大的梯度。"),
    },
    line: {
      title: "在这里网络比直线好吗？能有多大把握？",
      options: ["网络更好", "直线更好", "这些划分还不能判断"],
      found: (f, n) =>
        `${f.splits} 次划分的平均准确率：网络 ${n.percent(f.network)}，没有隐藏层的网络（${f.classes > 2 ? "两类之间的分界是直的" : "分界是直的"}）${n.percent(f.line)}。网络在 ${f.better} 次中更好，在 ${f.worse} 次中更差，在 ${f.splits - f.better - f.worse} 次中相同。` +
        "但各次划分有相同的样本，所以计数不能证明什么。" +
        (f.interval
          ? `考虑到这一点的 95% 置信区间：准确率之差在 ${n.short(100 * f.interval[0])} 到 ${n.short(100 * f.interval[1])} 个百分点之间，` +
            `${["所以网络更好", "所以直线更好", "所以差可能为 0"][f.right]}。`
          : f.isOrdered
            ? "每次只用较早的样本训练，通常的区间不适用。"
            : "各次的差都相同，所以看不出偶然性有多大。") +
        `报告中与逻辑回归比较：它是同一种网络，但训练到代价不能再降为止；这里最多训练 ${f.epochs} 轮，所以两个准确率可能不同。`,
    },
  },
};
